import type { ReasonCode } from '../platform/reason.js';
import type { WarningCode } from '../platform/warning.js';
import type { CheckName } from './check-names.js';
import type { FindingArgs } from './finding-args.js';

/**
 * - `warning`: it works, but not as one might think, or not for long
 * - `skipped`: not looked at, because it was not asked for or an earlier check makes it moot
 * - `unknown`: looked at, and nobody can tell
 */
export type CheckStatus = 'pass' | 'warning' | 'failure' | 'skipped' | 'unknown';

/** What was seen, for a person to judge by. Others may have written it: it is redacted and made harmless later. */
export type Evidence = Readonly<Record<string, string | number | boolean | readonly string[]>>;

/** Those of the doctor's own, and what a token endpoint's or a token's refusal is called everywhere else. */
export type FindingCode = keyof FindingArgs | ReasonCode | WarningCode;

type ArgsOf<C extends FindingCode> = C extends keyof FindingArgs
  ? FindingArgs[C]
  : Readonly<Record<string, never>>;

/** What a check found. One check may find several things. The sentences are in `prose/doctor.ts`. */
export interface Finding<C extends FindingCode = FindingCode> {
  readonly check: CheckName;
  readonly status: CheckStatus;
  readonly code: C;
  readonly args: ArgsOf<C>;
  readonly evidence: Evidence;
}

/** A finding with a code of the doctor's own. */
export function finding<C extends keyof FindingArgs>(
  check: CheckName,
  status: CheckStatus,
  code: C,
  args: FindingArgs[C],
  evidence: Evidence = {},
): Finding {
  return { check, status, code, args, evidence };
}

/** A finding that has a name elsewhere. */
export function known(
  check: CheckName,
  status: CheckStatus,
  code: ReasonCode | WarningCode,
  evidence: Evidence = {},
): Finding {
  return { check, status, code, args: {}, evidence };
}
