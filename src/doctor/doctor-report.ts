import type { Profile } from '../platform/profile.js';
import type { Redactor } from '../secret/redactor.js';
import { MASK } from '../secret/secret.js';
import type { TokenFacts } from './check-id-token.js';
import { type Diagnosis, type Verdict, verdictOf } from './diagnosis.js';
import type { CheckName, FindingProse } from './finding-prose.js';
import {
  type CheckStatus,
  type Evidence,
  explainFinding,
  type Finding,
  type FindingCode,
} from './finding.js';

/** What the doctor found, as `--format json` prints it; docs/doctor.md describes it, and a change of meaning raises `version`. */
export interface DoctorReport {
  readonly version: 1;
  readonly verdict: Verdict;
  /** What was looked at. */
  readonly profile: Pick<Profile, 'tokenUrl' | 'clientId' | 'scope'>;
  readonly checks: readonly ReportedFinding[];
  /** Of the device that was logged in: its id_token without the signature. */
  readonly token?: TokenFacts;
  readonly settings?: PasteableSettings;
}

interface ReportedFinding extends FindingProse {
  readonly check: CheckName;
  readonly status: CheckStatus;
  readonly code: FindingCode;
  readonly args: object;
  readonly evidence: Evidence;
}

/** Settings in every way in which a command takes them. */
export interface PasteableSettings {
  /** Whether a login has shown that they work. */
  readonly isProven: boolean;
  /** The command line's arguments, for `run` and `token`. */
  readonly flags: readonly string[];
  /** Further ones, which only `token` has. */
  readonly tokenFlags: readonly string[];
  /** All that a config file may say. */
  readonly config: Readonly<Record<string, string>>;
  /** The rest, as variables of the environment. */
  readonly environment: Readonly<Record<string, string>>;
}

/** @param redactor holds the device's password and tokens */
export function doctorReport(
  { findings, token }: Diagnosis,
  { tokenUrl, clientId, scope }: Profile,
  settings: PasteableSettings | undefined,
  redactor: Redactor,
): DoctorReport {
  return {
    version: 1,
    verdict: verdictOf(findings),
    profile: { tokenUrl, clientId, scope },
    checks: findings.map((found) => reported(found, redactor)),
    ...(token !== undefined && { token: redactValues(token, redactor) }),
    ...(settings !== undefined && { settings }),
  };
}

function reported(found: Finding, redactor: Redactor): ReportedFinding {
  const { check, status, code, args, evidence } = found;
  const { meaning, remedy } = explainFinding({ ...found, args: redactor.redactFields(args) });
  return {
    check,
    status,
    code,
    args: redactValues(args, redactor),
    meaning: redactor.redactOwn(meaning),
    ...(remedy !== undefined && { remedy: redactor.redactOwn(remedy) }),
    evidence: redactValues(evidence, redactor),
  };
}

/** Keys are our own, and so are most numbers; but a server may have chosen one of them, such as a token's lifetime. */
function redactValues<T extends object>(value: T, redactor: Redactor): T {
  const entries = Object.entries(value).map(([key, inside]: [string, unknown]) => {
    if (typeof inside !== 'number') return [key, redactor.redactForeign(inside)];
    return [key, redactor.redactOwn(String(inside)) === String(inside) ? inside : MASK];
  });
  return Object.fromEntries(entries) as T;
}
