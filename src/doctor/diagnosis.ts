import type { Device } from '../device/device.js';
import type { ConnectionOptions } from '../http/connections.js';
import type { TokenRequestShape } from '../platform/answers.js';
import { noAnswer } from '../platform/no-answer.js';
import type { Profile } from '../platform/profile.js';
import type { Message } from '../token/publish.js';
import type { TokenFacts } from './check-id-token.js';
import type { Resolve } from './check-name.js';
import { type CheckName, checkNames } from './finding-prose.js';
import { type Finding, finding } from './finding.js';
import type { Settings } from './recommend.js';

/** What the doctor found. */
export interface Diagnosis {
  /** At least one for each check, in the order of the checks. */
  readonly findings: readonly Finding[];
  /** Of the device that was logged in. */
  readonly token?: TokenFacts;
  /** What works here; absent where nobody can tell. */
  readonly settings?: Settings;
}

/**
 * - `healthy`: nothing is wrong, though there may be warnings
 * - `refused`: the server answers, and something is wrong
 * - `unreachable`: there is no way to the server, or none that can be trusted
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

/** Gathers findings, and knows which check stands in the way of those after it. */
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

  /** Says of checks without a finding that they were not made. */
  skip(checks: readonly CheckName[], because: CheckName): void {
    for (const check of checks) {
      if (!this.has(check)) this.add([finding(check, 'skipped', 'not-checked', { because })]);
    }
  }

  /** In order, and complete: what is still missing then was interrupted. */
  list(): readonly Finding[] {
    return checkNames.flatMap((check) => {
      const found = this.#found.filter((each) => each.check === check);
      return found.length > 0 ? found : [finding(check, 'skipped', 'interrupted', {})];
    });
  }
}

/** What is sent to the server for a reason that somebody may want to know before. */
export type Announcement =
  | { readonly what: 'probe'; readonly server: string }
  | { readonly what: 'login'; readonly server: string; readonly device: string }
  | { readonly what: 'message'; readonly server: string; readonly messageType: string };

/** What the doctor looks at. */
export interface Subject {
  readonly profile: Profile;
  /** How logins are to be sent; absent: as the server reads them. */
  readonly wanted: TokenRequestShape | undefined;
  readonly connection: ConnectionOptions;
  /** Proxy variables that are set, and that this program does not go by. */
  readonly ignoredProxies: readonly string[];
  /** A device to log in. */
  readonly device: Device | undefined;
  /** What it is to publish; absent: nothing is. */
  readonly message: Message | undefined;
  /** Told before something is sent; it must not throw. */
  readonly announce: (announcement: Announcement) => void;
  /** Told the tokens and other secrets in an answer, which must not be shown. */
  readonly learn: (secrets: Iterable<string>) => void;
  /** Aborted: what is under way is finished, and a session that was opened is ended. */
  readonly signal?: AbortSignal | undefined;
  /** The time, in milliseconds since 1970. */
  readonly now: () => number;
  readonly resolve: Resolve;
}

/** What is about to be sent, as a sentence. */
export function explainAnnouncement(announcement: Announcement): string {
  const { what, server } = announcement;
  if (what === 'probe') {
    return `${server} is asked up to three times to log in a user who does not exist; no password of yours is sent.`;
  }
  return what === 'login'
    ? `${announcement.device} is logged in at ${server} once, and its session is ended again.`
    : `One message of type ${announcement.messageType} is published at ${server}.`;
}
