import type { JournalRecord, RunRecord, Shard } from '../journal/record.js';
import type { ReportEnd } from './run-end.js';
import type { Rows } from '../result/summary.js';

/** What one journal says of its run as a whole. */
export interface ReportPart {
  readonly shard?: Shard;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  /** Of all its stretches that ended in an orderly way; nobody knows how long a killed one was. */
  readonly durationMs: number;
  /** Of the last stretch. */
  readonly end: ReportEnd;
  /** How often the run was gone on with. */
  readonly resumed: number;
}

/** Puts a part together from a journal's records. */
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

  /** The first record. */
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

/** The rows that a run answers for: those of all shards add up to the file's, because only the first counts the skipped. */
export function rowsOf({ fleet, share, shard }: RunRecord): Rows {
  const skipped = shard === undefined || shard.index === 1 ? fleet.skipped : 0;
  return { read: share.devices + skipped, skipped };
}
