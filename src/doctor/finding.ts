import { type ReasonCode, reasonProse } from '../platform/reason.js';
import { type WarningCode, warningProse } from '../platform/warning.js';
import { type CheckName, type FindingArgs, findingProse, type FindingProse } from './finding-prose.js';

/**
 * - `warning`: it works, but not as one might think, or not for long
 * - `skipped`: not looked at, because it was not asked for or an earlier check makes it moot
 * - `unknown`: looked at, and nobody can tell
 */
export type CheckStatus = 'pass' | 'warning' | 'failure' | 'skipped' | 'unknown';

/** What each status is called. */
export const statusProse: { readonly [S in CheckStatus]: string } = {
  pass: 'PASS',
  warning: 'WARNING',
  failure: 'FAILURE',
  skipped: 'SKIPPED',
  unknown: 'UNKNOWN',
};

/** What was seen, for a person to judge by. Others may have written it: it is redacted and made harmless later. */
export type Evidence = Readonly<Record<string, string | number | boolean | readonly string[]>>;

/** Those of the doctor's own, and what a token endpoint's or a token's refusal is called everywhere else. */
export type FindingCode = keyof FindingArgs | ReasonCode | WarningCode;

type ArgsOf<C extends FindingCode> = C extends keyof FindingArgs
  ? FindingArgs[C]
  : Readonly<Record<string, never>>;

/** What a check found. One check may find several things. */
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

/** A finding in words. Arguments may be foreign: make the words harmless before they are printed. */
export function explainFinding({ code, args, status }: Finding): FindingProse {
  const { meaning, remedy } = proseOf(code, args);
  const isFine = status === 'pass' || status === 'skipped';
  return remedy === undefined || isFine ? { meaning } : { meaning, remedy };
}

function proseOf(code: FindingCode, args: unknown): FindingProse {
  if (code in reasonProse) return reasonProse[code as ReasonCode];
  if (code in warningProse) return warningProse[code as WarningCode];
  return (findingProse[code as keyof FindingArgs] as (args: unknown) => FindingProse)(args);
}
