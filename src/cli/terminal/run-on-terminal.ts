import { shownName } from '../../device/device.js';
import type { FleetCensus } from '../../fleet/census.js';
import { formatSummary } from '../../report/summary-text.js';
import { type FleetObserver, type FleetRun, sendFleet } from '../../runs/send-fleet.js';
import { harmless } from '../../text/harmless.js';
import { statusOfRun } from './exit-status.js';
import { type Interrupt, onInterrupt } from './interrupt.js';
import { Progress } from './progress.js';
import type { Terminal } from './terminal.js';

/** What a run shows, and how it ends. */
export interface ShownRun extends Omit<FleetRun, keyof FleetObserver | 'redactor' | 'signal'> {
  /** Whether the summary is printed. */
  readonly summary: boolean;
  /** Whether no progress is shown. */
  readonly quiet: boolean;
  /** Whether each attempt is printed. */
  readonly verbose: boolean;
  /** Called first at a second signal. */
  readonly onBreakOff?: () => Promise<void>;
}

/**
 * Runs a fleet and shows it: progress, attempts, the summary, and the paths of reports. The first signal ends the run
 * after the devices in flight, the second signal at once.
 *
 * @returns the exit status
 * @throws {BiotzPostmanError} the errors of `sendFleet`
 */
export async function runOnTerminal(census: FleetCensus, run: ShownRun, terminal: Terminal): Promise<number> {
  const { summary, quiet, verbose, onBreakOff } = run;
  const shown: { interrupt?: Interrupt; progress?: Progress } = {};
  const stopping = new AbortController();
  const show = (line: number, name: string, outcome: string) => {
    if (verbose) terminal.note(`${harmless(census.file.name)}:${line} ${harmless(name)}: ${outcome}\n`);
  };
  try {
    const outcome = await sendFleet(census, {
      ...run,
      redactor: terminal.redactor,
      signal: stopping.signal,
      onOpen: ({ devices, done, breakOff }) => {
        const what = 'Devices in flight are finished first. Interrupt again to stop at once.';
        shown.interrupt = onInterrupt(terminal, what, async () => {
          await onBreakOff?.();
          await breakOff();
        });
        shown.interrupt.signal.addEventListener('abort', () => stopping.abort());
        shown.progress = new Progress(terminal, devices, done, quiet);
      },
      onStart: () => terminal.noteSent(),
      onRetry: (device, { reason }) => show(device.line, shownName(device), `${reason}, will be retried`),
      onState: (state) => shown.progress?.state(state),
      onResult: (result) => {
        shown.progress?.add(result);
        show(result.line, result.name, result.status === 'passed' ? 'passed' : result.reason);
      },
      onSent: () => shown.progress?.close(),
      onReports: async (outcome) => {
        if (summary) await terminal.result(formatSummary(outcome, terminal.paint));
        for (const file of outcome.reports) terminal.note(`Report: ${harmless(file)}\n`);
      },
    });
    return statusOfRun(outcome, outcome);
  } finally {
    shown.interrupt?.release();
  }
}
