import { deviceError } from '../device/errors.js';
import type { CredentialsFile } from '../device/source/credentials-file.js';
import { type Device, shownName } from '../device/device.js';
import { streamDevices } from '../device/read-devices.js';
import { isBiotzPostmanError } from '../errors/biotz-postman-error.js';
import type { Part } from '../fleet/census.js';
import type { FleetOptions } from '../fleet/fleet-options.js';
import type { Fleet, RunEnd, RunRecord, Shard } from '../journal/record.js';
import { formatAttempt } from '../report/attempt-text.js';
import type { DeviceResult } from '../result/device-result.js';
import { FleetJournal } from './fleet-journal.js';
import type { ReportArguments } from './fleet-report.js';
import { FleetReport } from './fleet-report.js';
import { onInterrupt } from '../cli/terminal/interrupt.js';
import { openJournal } from './open-journal.js';
import { Progress } from '../cli/terminal/progress.js';
import type { Resume } from '../cli/options/resume.js';
import type { Terminal } from '../cli/terminal/terminal.js';

/** A fleet, and how it is sent. */
export interface FleetRun {
  readonly command: RunRecord['command'];
  /** Read once already, and found good; it is read again here, and must still be the same. */
  readonly file: CredentialsFile;
  readonly fleet: Fleet;
  readonly shard?: Shard | undefined;
  readonly part: Part;
  /** What is sent, as digests: a run is only resumed with the same. */
  readonly plan: { readonly collection: string; readonly options: string };
  /** Whether sending a device twice does harm. */
  readonly publishes: boolean;
  readonly resume?: Resume | undefined;
  readonly report: ReportArguments;
  readonly quiet: boolean;
  readonly verbose: boolean;
  /** The last that is done at a second signal. */
  readonly breakOff?: () => Promise<void>;
  readonly send: (
    devices: AsyncIterable<readonly Device[]>,
    hooks: Pick<FleetOptions, 'signal' | 'onStart' | 'onRetry' | 'onState'>,
  ) => AsyncGenerator<readonly DeviceResult[], RunEnd>;
}

/**
 * Sends a validated fleet, writes its journal, and makes the reports from that, also when the run breaks off:
 * what was done is worth knowing.
 *
 * @returns the exit status
 * @throws {BiotzPostmanError} what sending throws; CREDENTIALS_CHANGED, JOURNAL_FOREIGN, JOURNAL_INVALID,
 *   JOURNAL_MISSING, OUTPUT_NOT_WRITTEN
 */
export async function runFleet(run: FleetRun, terminal: Terminal): Promise<number> {
  const journal = await openJournal(run);
  const report = new FleetReport(journal, run.report, terminal);
  const what = 'What is in flight is finished first; once more to stop at once.';
  const { part, resume, publishes } = run;
  const fleet = new FleetJournal(journal, terminal.redactor, { part, resume, noteStarts: publishes });
  const interrupt = onInterrupt(terminal, what, async () => {
    await run.breakOff?.();
    fleet.breakOff();
    await report.endAtOnce('interrupted');
  });
  try {
    try {
      const end = await sendAll(run, fleet, interrupt.signal, terminal, journal.results);
      await journal.restoreFailed();
      report.end(end);
    } catch (error) {
      await report.endBroken(error);
      // It was good when it was validated.
      throw isBiotzPostmanError(error, 'CREDENTIALS_INVALID')
        ? deviceError('CREDENTIALS_CHANGED', { file: run.file.name })
        : error;
    }
    return await report.make();
  } finally {
    interrupt.release();
    await journal.close();
  }
}

/** @param done how many devices had a result before */
async function sendAll(
  { file, part, quiet, verbose, send }: FleetRun,
  fleet: FleetJournal,
  signal: AbortSignal,
  terminal: Terminal,
  done: number,
): Promise<RunEnd> {
  const progress = new Progress(terminal, part.share.devices, done, quiet);
  const say = verbose
    ? (...attempt: Parameters<typeof formatAttempt>) => terminal.note(`${formatAttempt(...attempt)}\n`)
    : () => undefined;
  const sending = send(fleet.choose(streamDevices(file, { validated: true })), {
    signal,
    onStart: (device) => {
      terminal.noteSent();
      fleet.started(device);
    },
    onRetry: (device, { reason }) =>
      say(file.name, { line: device.line, name: shownName(device) }, reason, { again: true }),
    onState: progress.state,
  });
  try {
    for (let step = await sending.next(); ; step = await sending.next()) {
      if (step.done === true) return step.value;
      for (const result of fleet.finished(step.value)) {
        progress.add(result);
        say(file.name, result, result.status === 'passed' ? 'passed' : result.reason, { again: false });
      }
    }
  } finally {
    progress.close();
    // Where a result could not be written down, no further device may be sent.
    await sending.return('interrupted');
  }
}
