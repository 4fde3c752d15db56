import type { Device } from '../device/device.js';
import type { ConnectionOptions } from '../http/connections.js';
import type { TokenRequestShape } from '../platform/answers.js';
import { noAnswer } from '../platform/repeat.js';
import type { Profile } from '../platform/profile.js';
import type { Message } from '../token/publish.js';
import type { TokenFacts } from './check-id-token.js';
import type { Resolve } from './check-name.js';
import { type CheckName, checkNames } from './finding-prose.js';
import { type Finding, finding } from './finding.js';
import type { Settings } from './recommend.js';

/** What the doctor found. */
export interface Diagnosis {
  /** At least one finding for each check, in the order of the checks. */
  readonly findings: readonly Finding[];
  /** The token of the device that was logged in. */
  readonly token?: TokenFacts;
  /** Settings that work; absent if unknown. */
  readonly settings?: Settings;
}

/**
 * - `healthy`: no failures; there may be warnings
 * - `refused`: the server answers, but a check failed
 * - `unreachable`: the server cannot be reached, or its identity cannot be trusted
 */
export type Verdict = 'healthy' | 'refused' | 'unreachable';

const ofTheNetwork: ReadonlySet<CheckName> = new Set<CheckName>(['name', 'tcp', 'tls']);

export function verdictOf(findings: readonly Finding[]): Verdict {
  const failures = findings.filter(({ status }) => status === 'failure');
  if (failures.length === 0) return 'healthy';
  const codes: ReadonlySet<string> = noAnswer;
  return failures.some(({ check, code }) => ofTheNetwork.has(check) || codes.has(code))
    ? 'unreachable'
    : 'refused';
}

/** Collects findings. */
export class Findings {
  readonly #found: Finding[] = [];

  add(findings: readonly Finding[]): void {
    this.#found.push(...findings);
  }

  has(check: CheckName): boolean {
    return this.#found.some((found) => found.check === check);
  }

  hasFailed(check: CheckName): boolean {
    return this.#found.some((found) => found.check === check && found.status === 'failure');
  }

  /** Adds a finding to each of these checks that has none: it was skipped because of another check. */
  skip(checks: readonly CheckName[], because: CheckName): void {
    for (const check of checks) {
      if (!this.has(check)) this.add([finding(check, 'skipped', 'not-checked', { because })]);
    }
  }

  /** All findings in order. Checks without a finding were interrupted. */
  list(): readonly Finding[] {
    return checkNames.flatMap((check) => {
      const found = this.#found.filter((each) => each.check === check);
      return found.length > 0 ? found : [finding(check, 'skipped', 'interrupted', {})];
    });
  }
}

/** What the doctor is about to send to a server. */
export type Announcement =
  | { readonly what: 'probe'; readonly server: string }
  | { readonly what: 'login'; readonly server: string; readonly device: string }
  | { readonly what: 'message'; readonly server: string; readonly messageType: string };

/** What the doctor examines, and how. */
export interface Subject {
  readonly profile: Profile;
  /** How to send logins; `undefined`: in a way that the server reads. */
  readonly wanted: TokenRequestShape | undefined;
  readonly connection: ConnectionOptions;
  /** Names of proxy variables that are set and that this program ignores. */
  readonly ignoredProxies: readonly string[];
  /** The device to log in. */
  readonly device: Device | undefined;
  /** The message to publish. */
  readonly message: Message | undefined;
  /** Called before something is sent. Must not throw. */
  readonly announce: (announcement: Announcement) => void;
  /** Called with the tokens and other secrets in an answer, which must not be shown. */
  readonly trackSecrets: (secrets: Iterable<string>) => void;
  /** Interrupts the doctor. The request in progress is completed, and an open session is ended. */
  readonly signal?: AbortSignal | undefined;
  /** The time, in milliseconds since 1970. */
  readonly now: () => number;
  readonly resolve: Resolve;
}

/** An announcement as a sentence. */
export function explainAnnouncement(announcement: Announcement): string {
  const { what, server } = announcement;
  if (what === 'probe') {
    return `Asking ${server} up to three times to log in a user who does not exist. Your passwords are not sent.`;
  }
  return what === 'login'
    ? `Logging ${announcement.device} in at ${server} once, and ending its session.`
    : `Publishing one message of type ${announcement.messageType} at ${server}.`;
}
