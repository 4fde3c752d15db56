import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { Journal } from '../../../src/journal/journal.js';
import { JournalReader } from '../../../src/journal/read-journal.js';
import type { JournalRecord, RunRecord } from '../../../src/journal/record.js';
import { mergeJournals, type Merged } from '../../../src/report/merge.js';
import { inTemporaryFolder } from '../../support/folder.js';
import { all, digestOf, failed, flaky, indexesOf, passed, runOf, sha256, shardOf } from '../journal/fleet.js';
import { ended } from './report.js';

type Contents = readonly [RunRecord, ...JournalRecord[]];

/** A shard's journal in which all of its devices passed. */
const whole = (devices: number, index: number, count: number): Contents => [
  shardOf(devices, index, count),
  ...indexesOf(devices, index, count).map((at) => passed(at)),
  ended,
];

/** Merges journals of these contents, called 0, 1, ... in this order. */
const merging = <T>(contents: readonly Contents[], use: (merged: Promise<Merged>) => Promise<T>) =>
  inTemporaryFolder(async (folder) => {
    const readers = [];
    for (const [name, [run, ...records]] of contents.entries()) {
      const file = join(folder, String(name));
      const journal = await Journal.create(file, run);
      journal.append(records);
      await journal.close();
      readers.push(await JournalReader.open(file));
    }
    try {
      return await use(mergeJournals(readers));
    } finally {
      await Promise.all(readers.map((reader) => reader.close()));
    }
  });

const refusal = (contents: readonly Contents[]) =>
  merging(contents, async (merged) => {
    const error: unknown = await merged.then(
      () => 'merged',
      (reason: unknown) => reason,
    );
    const { code, args } = error as { code?: string; args?: Record<string, unknown> };
    return { code, ...args };
  });

test('the journals of all shards are the report of the whole file, in any order', () =>
  merging([whole(10, 3, 3), whole(10, 1, 3), whole(10, 2, 3)], async (merging) => {
    const { facts, missingShards, records } = await merging;
    const digest = digestOf(indexesOf(10, 1, 1));
    expect(facts).toMatchObject({
      file: 'devices.csv',
      end: 'completed',
      counts: { read: 12, skipped: 2, attempted: 10, passed: 10, failed: 0, notAttempted: 0 },
      digest: { read: digest, attempted: digest },
      latency: [{ request: 'Get token', answered: 10 }],
    });
    expect(facts.shard).toBeUndefined();
    expect(facts.parts.map(({ shard }) => shard?.index)).toEqual([1, 2, 3]);
    expect(missingShards).toEqual([]);
    const indexes = (await all(records())).flatMap((record) =>
      record.type === 'device' ? [record.index] : [],
    );
    expect(indexes).toEqual([0, 3, 6, 9, 1, 4, 7, 2, 5, 8]);
  }));

test('the journal of a whole file is merged alone', () =>
  merging([[runOf(3), passed(0), flaky(1), failed(2), ended]], async (merging) => {
    const { facts, shards } = await merging;
    expect(facts.counts).toMatchObject({ read: 5, attempted: 3, passed: 2, flaky: 1, failed: 1 });
    expect(shards).toBe(1);
  }));

test('missing shards are named, and their devices counted as not attempted', () =>
  merging([whole(10, 2, 4)], async (merging) => {
    const { facts, missingShards } = await merging;
    expect(missingShards).toEqual([1, 3, 4]);
    expect(facts.counts).toMatchObject({ read: 12, skipped: 2, attempted: 3, notAttempted: 7 });
    expect(facts.end).toBe('shards-missing');
  }));

test('a shard that ended early is what the report ends with', () =>
  merging(
    [whole(4, 1, 2), [shardOf(4, 2, 2), passed(1), { ...ended, end: 'server-gone' }]],
    async (merging) => {
      const { facts } = await merging;
      expect(facts.end).toBe('server-gone');
      expect(facts.counts.notAttempted).toBe(1);
    },
  ));

describe('duplicates are refused', () => {
  test('a shard', async () => {
    expect(await refusal([whole(4, 1, 2), whole(4, 2, 2), whole(4, 1, 2)])).toMatchObject({
      code: 'JOURNAL_DUPLICATED',
      what: 'Shard 1 of 2',
      files: [expect.stringMatching(/0$/), expect.stringMatching(/2$/)],
    });
  });
  test('a whole file', async () => {
    expect(await refusal([[runOf(2)], [runOf(2)]])).toMatchObject({
      code: 'JOURNAL_DUPLICATED',
      what: 'The whole fleet',
    });
  });
  test('a device', async () => {
    const stolen: Contents = [shardOf(4, 2, 2), passed(1), passed(2)];
    expect(await refusal([stolen, whole(4, 1, 2)])).toMatchObject({
      code: 'JOURNAL_DUPLICATED',
      what: 'The device device-2',
      files: [expect.stringMatching(/1$/), expect.stringMatching(/0$/)],
    });
  });
});

describe('journals that do not belong together are refused, and say why', () => {
  const [first, second] = [shardOf(4, 1, 2), shardOf(4, 2, 2)];
  test.each<[string, RunRecord]>([
    ['command', { ...second, command: 'token' }],
    ['credentials file', { ...second, fleet: { ...second.fleet, order: sha256('another') } }],
    ['collection', { ...second, collection: sha256('another') }],
    ['set of options', { ...second, options: sha256('another') }],
    ['number of shards', shardOf(4, 3, 3)],
    ['number of shards', runOf(4)],
  ])('%s', async (differs, run) => {
    expect(await refusal([[first], [run]])).toMatchObject({
      code: 'JOURNAL_FOREIGN',
      differs,
      file: expect.stringMatching(/1$/),
      than: expect.stringMatching(/0$/),
    });
  });
});

describe('what cannot be true is refused', () => {
  test('a device in the place of another', async () => {
    const swapped: Contents = [shardOf(4, 2, 2), passed(1), { ...passed(3), deviceId: 'somebody else' }];
    expect(await refusal([whole(4, 1, 2), swapped])).toMatchObject({
      code: 'JOURNAL_INVALID',
      problem: 'the devices with a result are not those of its fleet',
    });
  });
  test('shards that are not the fleet', async () => {
    const share = { devices: 1, digest: digestOf([1]) };
    const contents: Contents[] = [whole(4, 1, 2), [{ ...shardOf(4, 2, 2), share }, passed(1)]];
    expect(await refusal(contents)).toMatchObject({
      code: 'JOURNAL_INVALID',
      problem: 'its shards do not add up to its fleet',
    });
  });
});
