import { DeviceSet } from './device-set.js';
import type { JournalRecord, RunRecord } from './record.js';

/** What the records of a journal have to be to each other, beside well formed. */
export class RecordRules {
  readonly #run: RunRecord;
  readonly #finished: DeviceSet;

  constructor(run: RunRecord) {
    this.#run = run;
    this.#finished = new DeviceSet(run.fleet.devices);
  }

  problemWith(record: JournalRecord, line: number): string | undefined {
    if (record.type === 'run') return line === 1 ? contradiction(record) : 'it is a second run record';
    if (record.type === 'again') {
      const { index } = record.failed;
      return index < this.#run.fleet.devices ? undefined : `the file has no device ${index}`;
    }
    if (record.type !== 'device' && record.type !== 'started') return undefined;
    if (record.index >= this.#run.fleet.devices) return `the file has no device ${record.index}`;
    if (record.type === 'started') return undefined;
    if (!this.#finished.add(record.index)) return `device ${record.index} has a result already`;
    return this.#finished.size > this.#run.share.devices ? 'it has more results than devices' : undefined;
  }
}

function contradiction({ fleet, share, shard }: RunRecord): string | undefined {
  if (fleet.read !== fleet.skipped + fleet.devices) return 'its rows do not add up';
  if (shard === undefined) {
    const isWhole = share.devices === fleet.devices && share.digest === fleet.digest;
    return isWhole ? undefined : 'its share is not the whole file, and it names no shard';
  }
  if (shard.index > shard.count) return `there is no shard ${shard.index} of ${shard.count}`;
  return share.devices > fleet.devices ? 'its share is larger than the file' : undefined;
}
