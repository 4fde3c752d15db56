import { journalError } from '../journal/errors.js';
import { IdDigest } from '../result/id-digest.js';
import { DeviceSet } from '../journal/device-set.js';
import { invalid, type JournalReader } from '../journal/read-journal.js';
import type { JournalRecord, RunRecord } from '../journal/record.js';
import { differenceOf } from '../journal/run-identity.js';
import { RunSummary } from '../result/summary.js';
import { factsOf, PartCollector, type Collected } from './facts.js';

export interface Merged extends Collected {
  /** Numbers of the shards without a journal. */
  readonly missingShards: readonly number[];
  /** Number of shards of the fleet; 1 if it was not split. */
  readonly shards: number;
  /** The records of all journals, shard after shard. */
  readonly records: () => AsyncGenerator<JournalRecord, void>;
}

interface Source {
  readonly reader: JournalReader;
  readonly run: RunRecord;
}

/**
 * Merges the journals of a fleet's shards, or reads the journal of a whole fleet, and verifies that their counts add up.
 * Memory grows by one bit for each device.
 *
 * @throws {BiotzPostmanError} JOURNAL_FOREIGN if two journals do not belong together, JOURNAL_DUPLICATED if a shard or
 *   device appears twice, JOURNAL_INVALID if the counts contradict each other
 */
export async function mergeJournals(
  readers: readonly JournalReader[],
  signal?: AbortSignal,
): Promise<Merged> {
  const sources = await sourcesOf(readers);
  const [{ run, reader: first }] = sources;
  const { fleet, shard: { count: shards } = { count: 1 } } = run;
  const present = new Set(sources.map(({ run: { shard } }) => shard?.index ?? 1));
  const missingShards = Array.from({ length: shards }, (_, at) => at + 1).filter((at) => !present.has(at));

  const summary = new RunSummary();
  const devices = new DeviceSet(fleet.devices);
  const parts = [];
  for (const { reader } of sources) {
    const part = new PartCollector();
    for await (const record of reader.records()) {
      signal?.throwIfAborted();
      part.add(record);
      if (record.type !== 'device') continue;
      if (!devices.add(record.index)) throw await deviceTwice(record.index, reader, sources);
      summary.add(record);
    }
    parts.push(part.part());
  }

  const expected = sharesOf(sources);
  const isWhole = missingShards.length === 0;
  if (isWhole && (expected.devices !== fleet.devices || expected.digest !== fleet.digest)) {
    throw invalid(first.file, 'its shards do not add up to its fleet');
  }
  // Equal numbers do not prove that the devices are the same.
  if (devices.size === expected.devices && summary.attemptedDigest !== expected.digest) {
    throw invalid(first.file, 'the devices with a result are not those of its fleet');
  }
  const facts = factsOf({ run, summary, parts, rows: fleet, read: fleet.digest });
  const end = facts.end === 'completed' && !isWhole ? 'shards-missing' : facts.end;
  return {
    summary,
    facts: { ...facts, end },
    missingShards,
    shards,
    records: async function* records() {
      for (const { reader } of sources) yield* reader.records();
    },
  };
}

/** The journals in the order of their shards. Verifies that they belong together. */
async function sourcesOf(readers: readonly JournalReader[]): Promise<readonly [Source, ...Source[]]> {
  const [first, ...others] = await Promise.all(
    readers.map(async (reader) => ({ reader, run: await reader.run() })),
  );
  if (first === undefined) throw new RangeError('a merge needs at least one journal');
  const seen = new Map([[first.run.shard?.index, first]]);
  for (const source of others) {
    const { reader, run } = source;
    const isSplitAlike = run.shard?.count === first.run.shard?.count;
    const differs = differenceOf(run, first.run) ?? (isSplitAlike ? undefined : 'number of shards');
    if (differs !== undefined) {
      throw journalError('JOURNAL_FOREIGN', { file: reader.file, differs, than: first.reader.file });
    }
    const twin = seen.get(run.shard?.index);
    if (twin !== undefined) throw duplicated(shardName(run), twin.reader, reader);
    seen.set(run.shard?.index, source);
  }
  const [lowest = first, ...rest] = [...seen.values()].toSorted(
    (a, b) => (a.run.shard?.index ?? 1) - (b.run.shard?.index ?? 1),
  );
  return [lowest, ...rest];
}

/** The devices that all these journals cover. */
function sharesOf(sources: readonly Source[]): { readonly devices: number; readonly digest: string } {
  const digest = new IdDigest();
  let devices = 0;
  for (const { run } of sources) {
    devices += run.share.devices;
    digest.addAll(run.share.digest);
  }
  return { devices, digest: digest.hex() };
}

/** One journal has no device twice, so the other result is in an earlier journal. */
async function deviceTwice(index: number, reader: JournalReader, sources: readonly Source[]) {
  for (const { reader: earlier } of sources) {
    for await (const record of earlier.records()) {
      if (record.type === 'device' && record.index === index) {
        return duplicated(`The device ${record.deviceId}`, earlier, reader);
      }
    }
  }
  return invalid(reader.file, `device ${index} has a result already`);
}

function duplicated(what: string, { file }: JournalReader, { file: other }: JournalReader) {
  return journalError('JOURNAL_DUPLICATED', { what, files: [file, other] });
}

const shardName = ({ shard }: RunRecord) =>
  shard === undefined ? 'The whole fleet' : `Shard ${shard.index} of ${shard.count}`;
