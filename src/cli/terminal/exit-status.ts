import type { Verdict } from '../../doctor/diagnosis.js';
import type { ErrorCode } from '../../index.js';
import { isBiotzPostmanError } from '../../errors/biotz-postman-error.js';
import type { ReportEnd } from '../../report/run-end.js';
import type { ReportFacts } from '../../report/facts.js';
import type { RunSummary } from '../../result/summary.js';

/** Exit statuses of the program (README.md). */
export const exitStatus = {
  ok: 0,
  /** A device failed. */
  deviceFailed: 1,
  /** A secret was found where it does not belong. */
  secretFound: 1,
  /** The input or the command line is invalid; nothing was sent. */
  inputWrong: 2,
  /** The work did not finish. */
  notCompleted: 3,
  /** 128 and the signal's number. */
  interrupted: { SIGINT: 130, SIGTERM: 143, SIGHUP: 129, SIGQUIT: 131, SIGBREAK: 149 },
} as const;

/**
 * The signals that ask a program to end: Ctrl-C, `kill`, a terminal that is closed, Ctrl-\ (which would write the
 * memory to a core dump, with every password in it), and Ctrl-Break on Windows.
 */
export type InterruptSignal = keyof typeof exitStatus.interrupted;

const notCompleted: ReadonlySet<string> = new Set<ErrorCode>([
  'CREDENTIALS_CHANGED',
  'OUTPUT_NOT_WRITTEN',
  'FOLDER_IN_USE',
  'SYSTEM_REFUSED',
  'SERVER_NOT_STARTED',
  'ENGINE_FAILED',
  'REPORT_INCOMPLETE',
  'DISCOVERY_FAILED',
  'SERVER_UNSUITABLE',
  'POSTMAN_UNREACHABLE',
  'POSTMAN_FAILED',
  'POSTMAN_BUSY',
  'POSTMAN_UNREADABLE',
]);

/**
 * The exit status for an error that ended a command. An unforeseen error is a bug, not invalid input.
 *
 * @param hasSent whether a request was sent before: status 2 promises that nothing was sent
 */
export function statusOf(error: unknown, hasSent = false): number {
  return isBiotzPostmanError(error) && !notCompleted.has(error.code) && !hasSent
    ? exitStatus.inputWrong
    : exitStatus.notCompleted;
}

/** Ends that are a verdict on the devices: the remaining devices were left out on purpose. */
const verdicts: ReadonlySet<ReportEnd> = new Set<ReportEnd>(['bail', 'max-failures', 'refused-alike']);

/** The exit status of a run that was not interrupted. */
export function statusOfRun(
  { nothingSent, unreachable, gone }: Pick<RunSummary, 'nothingSent' | 'unreachable' | 'gone'>,
  { counts: { failed, notAttempted }, end }: Pick<ReportFacts, 'counts' | 'end'>,
): number {
  if (nothingSent) return exitStatus.inputWrong;
  if (unreachable || gone || (notAttempted > 0 && !verdicts.has(end))) return exitStatus.notCompleted;
  return failed > 0 ? exitStatus.deviceFailed : exitStatus.ok;
}

/** The exit status of a diagnosis that was not interrupted. */
export const statusOfVerdict: { readonly [V in Verdict]: number } = {
  healthy: exitStatus.ok,
  refused: exitStatus.deviceFailed,
  unreachable: exitStatus.notCompleted,
};
