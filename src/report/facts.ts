import type { JournalRecord, RunRecord, Shard } from '../journal/record.js';
import type { ReportEnd } from './run-end.js';
import type { RequestLatency } from '../result/latency.js';
import type { FailureGroup, RetryGroup, Rows, RunCounts } from '../result/summary.js';
import { RunSummary } from '../result/summary.js';
import { PartCollector, rowsOf, type ReportPart } from './part.js';

/** All that a report says beside the single devices. */
export interface ReportFacts {
  readonly command: RunRecord['command'];
  /** The credentials file's name as the user gave it. */
  readonly file: string;
  /** Absent: the report is about the whole file. */
  readonly shard?: Shard;
  /** ISO 8601, UTC; of several shards, the earliest. */
  readonly startedAt: string;
  /** Of several shards, the longest: they run side by side. */
  readonly durationMs: number;
  readonly end: ReportEnd;
  /** One for each journal. */
  readonly parts: readonly ReportPart[];
  readonly counts: RunCounts;
  /** Order-independent digests of device ids (result/id-digest.ts), in hex; equal when every device was attempted once. */
  readonly digest: { readonly read: string; readonly attempted: string };
  readonly latency: readonly RequestLatency[];
  /** Answers of requests beyond those in `latency`. */
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
 * @param shard absent where the report is about the whole file
 * @param read the digest of all devices that were to be attempted
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
