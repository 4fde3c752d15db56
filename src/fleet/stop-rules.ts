import type { RunEnd } from '../journal/record.js';
import type { ReasonCode } from '../platform/reason.js';
import type { DeviceResult } from '../result/device-result.js';

/**
 * This many devices in a row end a run: the first ones if all are refused for the same reason (the file or an option is
 * wrong), later ones if none is answered (the server is gone). Few enough to lock few accounts, too many for chance.
 */
const DECIDING_DEVICES = 20;

/** Refusals by the server. A script or a lost connection says nothing about the next device. */
const refusals: ReadonlySet<ReasonCode> = new Set<ReasonCode>([
  'invalid-user-credentials',
  'form-data-not-read',
  'client-unknown',
  'client-needs-secret',
  'direct-grants-off',
  'account-disabled',
  'account-not-set-up',
  'username-not-received',
  'scope-unknown',
  'grant-unsupported',
  'realm-unknown',
  'https-required',
  'rate-limited',
  'redirected',
  'server-error',
  'status-unexpected',
  'answer-not-json',
  'answer-too-large',
  'access-token-missing',
  'id-token-missing',
  'token-type-unexpected',
  'id-token-malformed',
  'id-token-encrypted',
  'id-token-of-another-kind',
  'id-token-expired',
  'id-token-of-another-user',
  'id-token-not-yet-valid',
  'id-token-algorithm-refused',
  'id-token-key-unknown',
  'id-token-signature-invalid',
  'id-token-issuer-unexpected',
  'id-token-audience-unexpected',
  'keys-unavailable',
  'publish-unauthorized',
  'publish-refused',
]);

export interface StopOptions {
  /** End the run at the first failure. */
  readonly bail?: boolean;
  /** End the run after this many failures. It replaces the rule for devices that are refused for the same reason. */
  readonly maxFailures?: number;
}

/** Decides after each device whether the run continues. */
export class StopRules {
  readonly #options: StopOptions;
  #failed = 0;
  #unanswered = 0;
  #alike: ReasonCode | undefined;
  /** How many of the first devices failed for the same reason; `undefined` once one did not. */
  #firstAlike: number | undefined = 0;

  constructor(options: StopOptions) {
    this.#options = options;
    if (options.maxFailures !== undefined) this.#firstAlike = undefined;
  }

  /** @returns why the run must end, or `undefined` if it continues */
  after(result: DeviceResult): RunEnd | undefined {
    const answered = result.requests.some(({ status }) => status !== undefined);
    this.#unanswered = answered || result.requests.length === 0 ? 0 : this.#unanswered + 1;
    if (result.status === 'passed') {
      this.#firstAlike = undefined;
      return undefined;
    }
    this.#failed++;
    this.#countAlike(result.reason);
    const { bail = false, maxFailures = Number.POSITIVE_INFINITY } = this.#options;
    if (bail) return 'bail';
    if (this.#unanswered >= DECIDING_DEVICES) return 'server-gone';
    if (this.#failed >= maxFailures) return 'max-failures';
    return this.#firstAlike !== undefined && this.#firstAlike >= DECIDING_DEVICES
      ? 'refused-alike'
      : undefined;
  }

  #countAlike(reason: ReasonCode): void {
    this.#alike ??= reason;
    if (this.#firstAlike === undefined) return;
    this.#firstAlike = reason === this.#alike && refusals.has(reason) ? this.#firstAlike + 1 : undefined;
  }
}
