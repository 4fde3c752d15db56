import { lstat, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { Journal } from '../../../src/journal/journal.js';
import { readJournal } from '../../../src/journal/read-journal.js';
import type { JournalRecord } from '../../../src/journal/record.js';
import { inTemporaryFolder } from '../../support/folder.js';
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

test('a folder that does not exist is made', () =>
  inTemporaryFolder(async (folder) => {
    const file = join(folder, 'a/b/journal.ndjson');
    await (await Journal.create(file, runOf(1))).close();
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  }));

test('an existing journal is kept as the previous one', () =>
  inTemporaryFolder(async (folder) => {
    const file = join(folder, 'journal.ndjson');
    for (const name of ['first.csv', 'second.csv', 'third.csv']) {
      await (await Journal.create(file, runOf(1, { file: name }))).close();
    }
    expect(await readFile(file, 'utf8')).toContain('third.csv');
    expect(await readFile(join(folder, 'journal.previous.ndjson'), 'utf8')).toContain('second.csv');
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
