import type { ReadCounts } from '../device/row-reader.js';
import type { ReasonCode } from '../platform/reason.js';
import type { DeviceResult, FailedDevice } from './device-result.js';

/** How many failed devices a summary holds for each reason; a fleet's worth would be no summary. */
const EXAMPLES_PER_REASON = 10;

/** Reasons under which a device's request got no answer. */
const noAnswer: ReadonlySet<ReasonCode> = new Set<ReasonCode>([
  'host-not-found',
  'connection-refused',
  'connection-reset',
  'connection-failed',
  'certificate-invalid',
  'timeout',
]);

/** Reasons under which nothing was sent, because of what the user gave. */
const notSent: ReadonlySet<ReasonCode> = new Set<ReasonCode>(['url-invalid', 'url-insecure']);

/** Every device of the file, told apart by what became of it: `read = skipped + attempted + notAttempted`. */
export interface RunCounts {
  readonly read: number;
  /** Not created on the platform. */
  readonly skipped: number;
  /** `passed + failed`. */
  readonly attempted: number;
  readonly passed: number;
  readonly failed: number;
  /** Left over when a run ended early. */
  readonly notAttempted: number;
}

export interface FailureGroup {
  readonly reason: ReasonCode;
  readonly count: number;
  /** The first few of them. */
  readonly examples: readonly FailedDevice[];
}

/** Adds up a run's results as they come, in memory that does not grow with the fleet. */
export class RunSummary {
  #passed = 0;
  #failed = 0;
  #answered = false;
  readonly #groups = new Map<ReasonCode, { count: number; examples: FailedDevice[] }>();

  add(result: DeviceResult): void {
    this.#answered ||= result.requests.some(({ status }) => status !== undefined);
    if (result.status === 'passed') {
      this.#passed++;
      return;
    }
    this.#failed++;
    const group = this.#groups.get(result.reason) ?? { count: 0, examples: [] };
    group.count++;
    if (group.examples.length < EXAMPLES_PER_REASON) group.examples.push(result);
    this.#groups.set(result.reason, group);
  }

  /** @param file what was counted while the credentials file was read */
  counts({ read, skipped }: Pick<ReadCounts, 'read' | 'skipped'>): RunCounts {
    const attempted = this.#passed + this.#failed;
    return {
      read,
      skipped,
      attempted,
      passed: this.#passed,
      failed: this.#failed,
      notAttempted: read - skipped - attempted,
    };
  }

  /** Failures by reason, the most frequent first. */
  failures(): readonly FailureGroup[] {
    return [...this.#groups]
      .map(([reason, { count, examples }]) => ({ reason, count, examples }))
      .toSorted((a, b) => b.count - a.count || a.reason.localeCompare(b.reason));
  }

  /** Whether nothing was sent for any device, because the addresses cannot be used. */
  get nothingSent(): boolean {
    return this.#onlyFor(notSent);
  }

  /** Whether no request of any device was ever answered, for reasons that lie outside the devices. */
  get unreachable(): boolean {
    return this.#onlyFor(noAnswer);
  }

  #onlyFor(reasons: ReadonlySet<ReasonCode>): boolean {
    return (
      !this.#answered && this.#failed > 0 && [...this.#groups.keys()].every((reason) => reasons.has(reason))
    );
  }
}
