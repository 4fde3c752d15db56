import type { Device } from '../device/device.js';
import { deviceError } from '../device/errors.js';
import { streamDevices } from '../device/read-devices.js';
import { isBiotzPostmanError } from '../errors/biotz-postman-error.js';
import type { FleetCensus } from '../fleet/census.js';
import type { FleetOptions } from '../fleet/fleet-options.js';
import type { Journal, ResumeMode } from '../journal/journal.js';
import type { RunEnd, RunRecord } from '../journal/record.js';
import { collectFacts, type ReportFacts } from '../report/facts.js';
import { type FileReporterName, writeReports } from '../report/write-reports.js';
import type { DeviceResult } from '../result/device-result.js';
import { Redactor } from '../secret/redactor.js';
import { FleetJournal } from './fleet-journal.js';
import { inReportFolder, openJournal } from './report-folder.js';

/** How the devices of a run are sent: through Newman, or as plain token requests. */
export interface Lane {
  /** Identifies what is sent: a run can only be resumed with the same plan. */
  readonly plan: Pick<RunRecord, 'command' | 'collection' | 'options'>;
  /** Whether a device publishes a message, so that it must not be sent twice. */
  readonly publishes: boolean;
  readonly send: (
    devices: AsyncIterable<readonly Device[]>,
    hooks: Pick<FleetOptions, 'signal' | 'onStart' | 'onRetry' | 'onState'>,
  ) => AsyncGenerator<readonly DeviceResult[], RunEnd>;
  /** Frees all resources. */
  readonly close?: () => Promise<void>;
}

/** Callbacks for the progress of a run. They must not throw, except for `onReports`. */
export interface FleetObserver extends Pick<FleetOptions, 'onStart' | 'onRetry' | 'onState'> {
  /** Called once the journal is open, before anything is sent. */
  readonly onOpen?: (run: OpenRun) => void;
  /** Called for each result after the journal has it. The result holds no secret. */
  readonly onResult?: (result: DeviceResult) => void;
  /** Called after the last result, before the reports are written. */
  readonly onSent?: () => void;
  /** Called after the reports are written, even if the run then fails with an error. */
  readonly onReports?: (outcome: FleetOutcome) => Promise<void>;
}

export interface OpenRun {
  /** Number of devices that this run covers. */
  readonly devices: number;
  /** How many of them had a result in the journal before the run was resumed. */
  readonly done: number;
  /**
   * Ends the journal and writes the reports without waiting for the devices in flight. The process must exit right after
   * it: for a device that may have published, the journal then says `outcome-unknown`.
   */
  readonly breakOff: () => Promise<void>;
}

/** What became of a run: its counts, failures and latencies, and why it ended. */
export interface FleetOutcome extends ReportFacts {
  /** Whether nothing was sent for any device, because the addresses cannot be used. */
  readonly nothingSent: boolean;
  /** Whether no request was ever answered, for reasons that lie outside the devices. */
  readonly unreachable: boolean;
  /** Whether the last devices found no server. */
  readonly gone: boolean;
  /** Paths of the reports that were written. */
  readonly reports: readonly string[];
}

export interface FleetRun extends FleetObserver {
  /** Folder of the journal and of all reports; it is created if it is missing. */
  readonly folder: string;
  /** Reports to write, besides the journal. */
  readonly reporters?: readonly FileReporterName[];
  /** Continue the journal in `folder`: send the devices without a result (`rest`), or those that failed (`failed`). */
  readonly resume?: ResumeMode | undefined;
  /** Opens the lane. It is called while the folder is locked, before anything is sent. */
  readonly openLane: () => Promise<Lane>;
  /** Learns the secrets of the devices in flight. */
  readonly redactor?: Redactor;
  /** Ends the run: devices in flight are finished, and no other device is started. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Sends a validated fleet, writes its journal, and makes the reports from the journal, even if the run fails.
 *
 * @throws {BiotzPostmanError} the errors of the lane; CREDENTIALS_CHANGED, FOLDER_IN_USE, JOURNAL_FOREIGN,
 *   JOURNAL_INVALID, JOURNAL_MISSING, OPTION_INVALID, OUTPUT_NOT_WRITTEN
 */
export function sendFleet(census: FleetCensus, run: FleetRun): Promise<FleetOutcome> {
  return inReportFolder(run.folder, run.resume, async () => {
    const lane = await run.openLane();
    try {
      return await sendThrough(lane, census, run);
    } finally {
      await lane.close?.();
    }
  });
}

async function sendThrough(lane: Lane, census: FleetCensus, run: FleetRun): Promise<FleetOutcome> {
  const { file, part } = census;
  const journal = await openJournal(census, lane.plan, run);
  const report = new FleetReport(journal, run);
  const log = new FleetJournal(journal, run.redactor ?? new Redactor(), {
    part,
    resume: run.resume,
    noteStarts: lane.publishes,
  });
  run.onOpen?.({
    devices: part.share.devices,
    done: journal.results,
    breakOff: async () => {
      log.breakOff();
      report.end('interrupted');
      await report.make();
    },
  });
  try {
    try {
      const end = await sendAll(lane, log, file, run);
      await journal.restoreFailed();
      report.end(end);
    } catch (error) {
      await report.endBroken(error);
      // The file was valid in the first pass.
      throw deviceError.is(error, 'CREDENTIALS_INVALID')
        ? deviceError('CREDENTIALS_CHANGED', { file: file.name })
        : error;
    }
    return await report.make();
  } finally {
    await journal.close();
  }
}

async function sendAll(
  { send }: Lane,
  log: FleetJournal,
  file: FleetCensus['file'],
  { signal, onStart, onRetry, onState, onResult, onSent }: FleetRun,
): Promise<RunEnd> {
  const sending = send(log.choose(streamDevices(file, { validated: true })), {
    ...(signal && { signal }),
    ...(onRetry && { onRetry }),
    ...(onState && { onState }),
    onStart: (device) => {
      onStart?.(device);
      log.started(device);
    },
  });
  try {
    for (let step = await sending.next(); ; step = await sending.next()) {
      if (step.done === true) return step.value;
      for (const result of log.finished(step.value)) onResult?.(result);
    }
  } finally {
    onSent?.();
    // If a result could not be written down, no further device may be sent.
    await sending.return('interrupted');
  }
}

/** Ends the journal of a run, and makes its reports. */
class FleetReport {
  readonly #journal: Journal;
  readonly #run: FleetRun;
  readonly #startedAt = performance.now();
  #ended = false;

  constructor(journal: Journal, run: FleetRun) {
    this.#journal = journal;
    this.#run = run;
  }

  /** @throws {BiotzPostmanError} OUTPUT_NOT_WRITTEN */
  end(end: RunEnd): void {
    if (this.#ended) return;
    this.#ended = true;
    const durationMs = performance.now() - this.#startedAt;
    this.#journal.append([{ type: 'end', endedAt: new Date().toISOString(), durationMs, end }]);
  }

  /** @throws {BiotzPostmanError} OUTPUT_NOT_WRITTEN */
  async make(): Promise<FleetOutcome> {
    const { folder, reporters = [], onReports } = this.#run;
    const { facts, summary } = await collectFacts(this.#journal.records());
    const { nothingSent, unreachable, gone } = summary;
    const reports = await writeReports(folder, reporters, facts, this.#journal.records());
    const outcome = { ...facts, nothingSent, unreachable, gone, reports };
    await onReports?.(outcome);
    return outcome;
  }

  /** Reports what was done before an error, as far as that error allows it. */
  async endBroken(error: unknown): Promise<void> {
    try {
      if (isBiotzPostmanError(error, 'ENGINE_FAILED')) this.end('engine-failed');
      await this.make();
    } catch (consequence) {
      // A full disk refuses the reports as well. The first error says so, and the journal has the results.
      if (!isBiotzPostmanError(consequence, 'OUTPUT_NOT_WRITTEN')) throw consequence;
    }
  }
}
