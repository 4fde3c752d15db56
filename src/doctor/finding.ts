import { type ReasonCode, reasonProse, type WarningCode, warningProse } from '../platform/reason.js';
import { type CheckName, type FindingArgs, findingProse, type FindingProse } from './finding-prose.js';

/**
 * - `warning`: it works, but not as expected, or not for long
 * - `skipped`: not checked, because it was not requested or an earlier check failed
 * - `unknown`: checked without a result
 */
export type CheckStatus = 'pass' | 'warning' | 'failure' | 'skipped' | 'unknown';

/** Each status in words. */
export const statusProse: { readonly [S in CheckStatus]: string } = {
  pass: 'PASS',
  warning: 'WARNING',
  failure: 'FAILURE',
  skipped: 'SKIPPED',
  unknown: 'UNKNOWN',
};

/** Facts behind a finding. A server may have written them: they are redacted and made harmless later. */
export type Evidence = Readonly<Record<string, string | number | boolean | readonly string[]>>;

/** The doctor's own codes, and the reasons and warnings that other commands use as well. */
export type FindingCode = keyof FindingArgs | ReasonCode | WarningCode;

type ArgsOf<C extends FindingCode> = C extends keyof FindingArgs
  ? FindingArgs[C]
  : Readonly<Record<string, never>>;

/** A result of a check. One check may have several. */
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

/** A finding with a code that other commands use as well. */
export function reasonFinding(
  check: CheckName,
  status: CheckStatus,
  code: ReasonCode | WarningCode,
  evidence: Evidence = {},
): Finding {
  return { check, status, code, args: {}, evidence };
}

/** A finding in words. A server may have written its arguments: make the words harmless before printing them. */
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
