import type { JournalRecord, RunRecord, Shard } from '../journal/record.js';
import type { ReportEnd } from './run-end.js';
import type { RequestLatency } from '../result/latency.js';
import type { DeviceResult } from '../result/device-result.js';
import type { FailureGroup, RetryGroup, Rows, RunCounts } from '../result/summary.js';
import { RunSummary } from '../result/summary.js';

/** Everything in a report, except for the single devices. */
export interface ReportFacts {
  readonly command: RunRecord['command'];
  /** The credentials file's name as the user gave it. */
  readonly file: string;
  /** Absent: the report is about the whole file. */
  readonly shard?: Shard;
  /** ISO 8601, UTC. For several shards: the earliest start. */
  readonly startedAt: string;
  /** Duration of the run, in milliseconds. For several shards: the longest one, because they run side by side. */
  readonly durationMs: number;
  readonly end: ReportEnd;
  /** One for each journal. */
  readonly parts: readonly ReportPart[];
  readonly counts: RunCounts;
  /** Order-independent digests of device ids (result/id-digest.ts), in hex; equal when every device was attempted once. */
  readonly digest: { readonly read: string; readonly attempted: string };
  readonly latency: readonly RequestLatency[];
  /** Number of answers to requests that are not in `latency`. */
  readonly latencyLeftOut: number;
  readonly retried: readonly RetryGroup[];
  readonly failures: readonly FailureGroup[];
}

export interface Collected {
  readonly facts: ReportFacts;
  readonly summary: RunSummary;
}

/** Adds up the records of one journal, in memory that does not grow with the fleet. */
export async function collectFacts(
  records: AsyncIterable<JournalRecord>,
  signal?: AbortSignal,
): Promise<Collected> {
  const summary = new RunSummary();
  const part = new PartCollector();
  for await (const record of records) {
    signal?.throwIfAborted();
    part.add(record);
    if (record.type === 'device') summary.add(record);
  }
  const { run } = part;
  const { shard } = run;
  const parts = [part.part()];
  return {
    summary,
    facts: factsOf({ run, shard, summary, parts, rows: rowsOf(run), read: run.share.digest }),
  };
}

/**
 * @param shard absent if the report is about the whole file
 * @param read digest of all devices that the run covers
 */
export function factsOf({
  run: { command, file },
  shard,
  summary,
  parts,
  rows,
  read,
}: {
  readonly run: RunRecord;
  readonly shard?: Shard | undefined;
  readonly summary: RunSummary;
  readonly parts: readonly ReportPart[];
  readonly rows: Rows;
  readonly read: string;
}): ReportFacts {
  return {
    command,
    file,
    ...(shard && { shard }),
    startedAt: parts.map(({ startedAt }) => startedAt).toSorted(byTime)[0] ?? '',
    durationMs: Math.max(...parts.map(({ durationMs }) => durationMs)),
    end: parts.find(({ end }) => end !== 'completed')?.end ?? 'completed',
    parts,
    counts: summary.counts(rows),
    digest: { read, attempted: summary.attemptedDigest },
    latency: summary.latency(),
    latencyLeftOut: summary.latencyLeftOut,
    retried: summary.retried(),
    failures: summary.failures(),
  };
}

const byTime = (a: string, b: string) => Date.parse(a) - Date.parse(b);

/** The run of one journal. */
export interface ReportPart {
  readonly shard?: Shard;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  /** Duration in milliseconds, without the time before a kill, which is unknown. */
  readonly durationMs: number;
  /** Why it ended the last time. */
  readonly end: ReportEnd;
  /** How often the run was resumed. */
  readonly resumed: number;
}

/** Makes a part from the records of a journal. */
export class PartCollector {
  #run: RunRecord | undefined;
  #durationMs = 0;
  #end: ReportEnd = 'killed';
  #resumed = 0;

  add(record: JournalRecord): void {
    if (record.type === 'run') this.#run = record;
    else if (record.type === 'resumed') {
      this.#resumed++;
      this.#end = 'killed';
    } else if (record.type === 'end') {
      this.#durationMs += record.durationMs;
      this.#end = record.end;
    }
  }

  /** The first record of the journal. */
  get run(): RunRecord {
    if (this.#run === undefined) throw new RangeError('a journal has no run record');
    return this.#run;
  }

  part(): ReportPart {
    const { shard, startedAt } = this.run;
    const facts = { startedAt, durationMs: this.#durationMs, end: this.#end, resumed: this.#resumed };
    return shard === undefined ? facts : { shard, ...facts };
  }
}

/** The rows that a run covers. Only the first shard counts the skipped rows, so that all shards add up to the file. */
function rowsOf({ fleet, share, shard }: RunRecord): Rows {
  const skipped = shard === undefined || shard.index === 1 ? fleet.skipped : 0;
  return { read: share.devices + skipped, skipped };
}

/** The text of a report in pieces, so that no report of a whole fleet is ever in memory. */
export interface ReportText {
  readonly head: string;
  /** Called once for each device, in the order in which they appear. */
  readonly device: (result: DeviceResult) => string;
  readonly tail: string;
}
