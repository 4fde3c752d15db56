import { lstat, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { Journal } from '../../src/journal/journal.js';
import { readJournal } from '../../src/journal/read-journal.js';
import type { JournalRecord } from '../../src/journal/record.js';
import { inTemporaryFolder } from '../cli/program.js';
import { all, failed, passed, runOf } from './fleet.js';

const lines = (records: readonly JournalRecord[]) =>
  records.map((record) => `${JSON.stringify(record)}\n`).join('');

test('a journal holds one record a line, the run first', () =>
  inTemporaryFolder(async (folder) => {
    const file = join(folder, 'journal.ndjson');
    const records: JournalRecord[] = [
      { type: 'started', index: 0 },
      passed(0),
      { type: 'started', index: 2 },
      failed(2),
      { type: 'end', endedAt: '2026-01-31T12:01:00.000Z', durationMs: 60_000, end: 'interrupted' },
    ];
    const journal = await Journal.create(file, runOf(3));
    journal.append(records.slice(0, 3));
    journal.append(records.slice(3));
    expect(await readFile(file, 'utf8')).toBe(lines([runOf(3), ...records]));
    expect(await all(journal.records())).toEqual([runOf(3), ...records]);
    await journal.close();
    expect(await all(readJournal(file))).toEqual([runOf(3), ...records]);
  }));

test('knows which devices have a result', () =>
  inTemporaryFolder(async (folder) => {
    const journal = await Journal.create(join(folder, 'journal.ndjson'), runOf(20));
    journal.append([{ type: 'started', index: 3 }, passed(8), failed(15)]);
    const finished = Array.from({ length: 20 }, (_, index) => index).filter((index) => journal.has(index));
    expect(finished).toEqual([8, 15]);
    expect(journal.results).toBe(2);
    await journal.close();
  }));

test('a folder that is not there is made', () =>
  inTemporaryFolder(async (folder) => {
    const file = join(folder, 'a/b/journal.ndjson');
    await (await Journal.create(file, runOf(1))).close();
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  }));

test('a journal that is there already is kept as the previous one', () =>
  inTemporaryFolder(async (folder) => {
    const file = join(folder, 'journal.ndjson');
    for (const name of ['first.csv', 'second.csv', 'third.csv']) {
      await (await Journal.create(file, runOf(1, { file: name }))).close();
    }
    expect(await readFile(file, 'utf8')).toContain('third.csv');
    expect(await readFile(join(folder, 'journal.previous.ndjson'), 'utf8')).toContain('second.csv');
    expect((await readdir(folder)).toSorted()).toEqual(['journal.ndjson', 'journal.previous.ndjson']);
  }));

test('runs that are started in one folder at the same moment all write to a journal of their own', () =>
  inTemporaryFolder(async (folder) => {
    const file = join(folder, 'journal.ndjson');
    const journals = await Promise.all(
      Array.from({ length: 24 }, (_, index) => Journal.create(file, runOf(24, { file: `${index}.csv` }))),
    );
    const wanted = journals.map((journal, index) => {
      journal.append([passed(index)]);
      return [runOf(24, { file: `${index}.csv` }), passed(index)];
    });
    const found = await Promise.all(journals.map((journal) => all(journal.records())));
    expect(found).toEqual(wanted);
    await Promise.all(journals.map((journal) => journal.close()));
    expect((await readdir(folder)).toSorted()).toEqual(['journal.ndjson', 'journal.previous.ndjson']);
  }));

test('a symbolic link in its place is moved away and not followed', () =>
  inTemporaryFolder(async (folder) => {
    const file = join(folder, 'journal.ndjson');
    const other = join(folder, 'other');
    await writeFile(other, 'theirs');
    await symlink(other, file);
    await (await Journal.create(file, runOf(1))).close();
    expect((await lstat(file)).isFile()).toBe(true);
    expect(await readFile(other, 'utf8')).toBe('theirs');
    const link = join(folder, 'journal.previous.ndjson');
    await expect(Journal.resume(link, runOf(1), 'rest')).rejects.toMatchObject({ code: 'JOURNAL_INVALID' });
  }));

test('a folder in its place stays', () =>
  inTemporaryFolder(async (folder) => {
    const file = join(folder, 'journal.ndjson');
    await mkdir(file);
    await expect(Journal.create(file, runOf(1))).rejects.toMatchObject({
      code: 'OUTPUT_NOT_WRITTEN',
      args: { file, reason: 'EISDIR' },
    });
  }));

test('two runs that go on from one journal do not both write to it', () =>
  inTemporaryFolder(async (folder) => {
    const file = join(folder, 'journal.ndjson');
    const first = await Journal.create(file, runOf(3));
    const second = await Journal.resume(file, runOf(3), 'rest');
    second.append([passed(0)]);
    expect(() => first.append([passed(0)])).toThrow(
      expect.objectContaining({ code: 'OUTPUT_NOT_WRITTEN', args: { file, reason: 'EBUSY' } }),
    );
    second.append([passed(1)]);
    await Promise.all([first.close(), second.close()]);
    const types = (await all(readJournal(file))).map(({ type }) => type);
    expect(types).toEqual(['run', 'resumed', 'device', 'device']);
  }));
