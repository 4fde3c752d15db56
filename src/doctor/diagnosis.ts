import { noAnswer } from '../platform/no-answer.js';
import type { TokenFacts } from './check-id-token.js';
import { checkNames, type CheckName } from './check-names.js';
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
