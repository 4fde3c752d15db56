import { appendFile, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { Journal } from '../../../src/journal/journal.js';
import { readJournal } from '../../../src/journal/read-journal.js';
import type { JournalRecord, RunRecord } from '../../../src/journal/record.js';
import { inTemporaryFolder } from '../../support/folder.js';
import { all, digestOf, failed, passed, runOf, sha256, shardOf } from './fleet.js';

/** Writes a journal as a run leaves it that was killed, and gives its path. */
async function left(folder: string, run: RunRecord, records: readonly JournalRecord[], torn = '') {
  const file = join(folder, 'journal.ndjson');
  const journal = await Journal.create(file, run);
  journal.append(records);
  await journal.close();
  await appendFile(file, torn);
  return file;
}

const results = (records: readonly JournalRecord[]) =>
  records.flatMap((record) => (record.type === 'device' ? [`${record.index} ${record.status}`] : []));
const later = { startedAt: '2026-02-01T08:00:00.000Z' };
const resumed = { type: 'resumed', ...later };

test('a run resumes with the devices that have no result', () =>
  inTemporaryFolder(async (folder) => {
    const file = await left(folder, runOf(3), [passed(0), failed(1)]);
    const journal = await Journal.resume(file, runOf(3, later), 'rest');
    expect([0, 1, 2].map((index) => journal.has(index))).toEqual([true, true, false]);
    journal.append([passed(2)]);
    expect(await all(journal.records())).toEqual([runOf(3), passed(0), failed(1), resumed, passed(2)]);
    await journal.close();
  }));

test('a torn last line is cut off', () =>
  inTemporaryFolder(async (folder) => {
    const torn = JSON.stringify(passed(1)).slice(0, 40);
    const file = await left(folder, runOf(3), [passed(0)], torn);
    expect(results(await all(readJournal(file)))).toEqual(['0 passed']);
    const journal = await Journal.resume(file, runOf(3, later), 'rest');
    expect(journal.has(1)).toBe(false);
    journal.append([passed(1)]);
    await journal.close();
    expect(results(await all(readJournal(file)))).toEqual(['0 passed', '1 passed']);
    expect(await readFile(file, 'utf8')).not.toContain(`${torn}{`);
  }));

test('devices that were started and not finished are named', () =>
  inTemporaryFolder(async (folder) => {
    const started = [0, 1, 2].map((index) => ({ type: 'started', index }) as const);
    const file = await left(folder, runOf(5), [...started, failed(1)]);
    for (const mode of ['rest', 'failed'] as const) {
      const journal = await Journal.resume(file, runOf(5, later), mode);
      expect(journal.unfinished).toEqual([0, 2]);
      await journal.close();
    }
  }));

test('only the failed results are removed before failed devices are retried', () =>
  inTemporaryFolder(async (folder) => {
    const started = { type: 'started', index: 1 } as const;
    const file = await left(folder, runOf(4), [passed(0), started, failed(1), failed(2)], '{"type":"dev');
    const journal = await Journal.resume(file, runOf(4, later), 'failed');
    const indexes = [0, 1, 2, 3];
    expect(indexes.map((index) => journal.has(index))).toEqual([true, false, false, false]);
    expect(indexes.map((index) => journal.hadFailed(index))).toEqual([false, true, true, false]);
    expect(journal.unfinished).toEqual([]);
    journal.append([passed(1)]);
    await journal.close();
    const records = await all(readJournal(file));
    const again = (index: number) => ({ type: 'again', failed: failed(index) });
    expect(records).toEqual([runOf(4), passed(0), again(1), again(2), resumed, passed(1)]);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(['journal.ndjson']);
  }));

test('devices to retry are retried once more after a kill, and keep their old result if the run ends early', () =>
  inTemporaryFolder(async (folder) => {
    const file = await left(folder, runOf(3), [failed(0), failed(1), passed(2)]);
    const killed = await Journal.resume(file, runOf(3, later), 'failed');
    killed.append([passed(0)]);
    await killed.close();
    const journal = await Journal.resume(file, runOf(3, later), 'failed');
    expect([0, 1, 2].map((index) => journal.hadFailed(index))).toEqual([false, true, false]);
    await journal.restoreFailed();
    expect([0, 1, 2].every((index) => journal.has(index))).toBe(true);
    await journal.close();
    const records = await all(readJournal(file));
    expect(records.filter(({ type }) => type === 'device')).toEqual([passed(2), passed(0), failed(1)]);
  }));

test('a message that may have been published is not tried again', () =>
  inTemporaryFolder(async (folder) => {
    const published = (index: number, status?: number) => ({
      ...failed(index),
      reason: 'connection-reset' as const,
      request: 'Publish data',
      requests: [{ name: 'Publish data', durationMs: 1, ...(status !== undefined && { status }) }],
    });
    const unknown = { ...failed(0), reason: 'outcome-unknown' as const };
    const file = await left(folder, runOf(3), [unknown, published(1), published(2, 500)]);
    const journal = await Journal.resume(file, runOf(3, later), 'failed');
    expect([0, 1, 2].map((index) => journal.hadFailed(index))).toEqual([false, false, true]);
    await journal.close();
  }));

test('a corrected password or another name of the file is no hindrance', () =>
  inTemporaryFolder(async (folder) => {
    const file = await left(folder, runOf(3), [passed(0)]);
    const journal = await Journal.resume(file, runOf(3, { file: '/elsewhere/devices.csv' }), 'rest');
    expect(journal.results).toBe(1);
    await journal.close();
  }));

describe('a journal is refused that belongs to another', () => {
  const { fleet } = runOf(3);
  test.each<[string, RunRecord]>([
    ['command', runOf(3, { command: 'token' })],
    ['credentials file', runOf(3, { fleet: { ...fleet, order: sha256('another') } })],
    ['credentials file', runOf(4)],
    ['collection', runOf(3, { collection: sha256('another') })],
    ['set of options', runOf(3, { options: sha256('others') })],
    ['shard', shardOf(3, 2, 2)],
  ])('%s', (differs, run) =>
    inTemporaryFolder(async (folder) => {
      const file = await left(folder, runOf(3), [passed(0)], '{');
      const before = await readFile(file, 'utf8');
      await expect(Journal.resume(file, run, 'failed')).rejects.toMatchObject({
        code: 'JOURNAL_FOREIGN',
        args: { file, differs },
      });
      expect(await readFile(file, 'utf8')).toBe(before);
    }),
  );

  test('shard of as many', () =>
    inTemporaryFolder(async (folder) => {
      const file = await left(folder, shardOf(6, 1, 2), []);
      const other = { ...shardOf(6, 2, 2), share: { devices: 3, digest: digestOf([0, 2, 4]) } };
      await expect(Journal.resume(file, other, 'rest')).rejects.toMatchObject({ code: 'JOURNAL_FOREIGN' });
    }));
});

test('without a journal there is nothing to resume from', () =>
  inTemporaryFolder(async (folder) => {
    const file = join(folder, 'journal.ndjson');
    const missing = { code: 'JOURNAL_MISSING', args: { file } };
    await expect(Journal.resume(file, runOf(3), 'rest')).rejects.toMatchObject(missing);
    await expect(all(readJournal(file))).rejects.toMatchObject(missing);
    expect(await readdir(folder)).toEqual([]);
  }));
