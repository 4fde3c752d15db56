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

/** A diagnosis as `--format json` prints it; docs/doctor.md describes it. A change of meaning increments `version`. */
export interface DoctorReport {
  readonly version: 1;
  readonly verdict: Verdict;
  /** The profile that was examined. */
  readonly profile: Pick<Profile, 'tokenUrl' | 'clientId' | 'scope'>;
  readonly checks: readonly ReportedFinding[];
  /** The id_token of the device that was logged in, without its signature. */
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

/** Settings in every form that a command accepts. */
export interface PasteableSettings {
  /** Whether a login has shown that they work. */
  readonly isProven: boolean;
  /** Command-line arguments for `run` and `token`. */
  readonly flags: readonly string[];
  /** Further arguments, only for `token`. */
  readonly tokenFlags: readonly string[];
  /** Settings that a config file may contain. */
  readonly config: Readonly<Record<string, string>>;
  /** The other settings, as environment variables. */
  readonly environment: Readonly<Record<string, string>>;
}

/** @param redactor knows the device's password and tokens */
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

/** Redacts values. Keys are our own. A server may have chosen a number, such as a token's lifetime. */
function redactValues<T extends object>(value: T, redactor: Redactor): T {
  const entries = Object.entries(value).map(([key, inside]: [string, unknown]) => {
    if (typeof inside !== 'number') return [key, redactor.redactForeign(inside)];
    return [key, redactor.redactOwn(String(inside)) === String(inside) ? inside : MASK];
  });
  return Object.fromEntries(entries) as T;
}
