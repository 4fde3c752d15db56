import { lstat, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { JournalRecord } from '../../../src/journal/record.js';
import { writeReports } from '../../../src/report/write-reports.js';
import { inTemporaryFolder } from '../../support/folder.js';
import { failed, passed, runOf } from '../journal/fleet.js';
import { ended, factsOf, streamOf } from './report.js';
import { ofDead } from '../files/left-behind.js';

const records: readonly JournalRecord[] = [runOf(2), passed(0), failed(1), ended];
const names = ['json', 'junit', 'ndjson'] as const;
const files = ['report.json', 'report.junit.xml', 'results.ndjson'];

const write = async (folder: string, stream: AsyncIterable<JournalRecord> = streamOf(records)) =>
  writeReports(folder, names, await factsOf(records), stream);

test('reports can be read by every user, and nothing else is left', () =>
  inTemporaryFolder(async (folder) => {
    const reports = join(folder, 'a/b');
    expect(await write(reports)).toEqual(files.map((file) => join(reports, file)));
    expect((await readdir(reports)).toSorted()).toEqual(files);
    for (const file of files) expect((await stat(join(reports, file))).mode & 0o777).toBe(0o644);
  }));

test('no folder is made where no file is wanted', () =>
  inTemporaryFolder(async (folder) => {
    expect(await writeReports(join(folder, 'a'), [], await factsOf(records), streamOf(records))).toEqual([]);
    expect(await readdir(folder)).toEqual([]);
  }));

test('where the records end in an error, the reports of before stay', () =>
  inTemporaryFolder(async (folder) => {
    await write(folder);
    const before = await readFile(join(folder, 'report.json'), 'utf8');
    async function* broken() {
      yield* records.slice(0, 2);
      throw new Error('the disk is gone');
    }
    await expect(write(folder, broken())).rejects.toThrow('the disk is gone');
    expect(await readFile(join(folder, 'report.json'), 'utf8')).toBe(before);
    expect((await readdir(folder)).toSorted()).toEqual(files);
  }));

test('where one report cannot be put into its place, none is', () =>
  inTemporaryFolder(async (folder) => {
    await mkdir(join(folder, 'results.ndjson'));
    await expect(write(folder)).rejects.toMatchObject({
      code: 'OUTPUT_NOT_WRITTEN',
      args: { file: join(folder, 'results.ndjson'), reason: 'EISDIR' },
    });
    expect(await readdir(folder)).toEqual(['results.ndjson']);
  }));

test('a symbolic link in the place of a report is replaced and not followed', () =>
  inTemporaryFolder(async (folder) => {
    const other = join(folder, 'other');
    await writeFile(other, 'theirs');
    await symlink(other, join(folder, 'report.json'));
    await write(folder);
    expect(await readFile(other, 'utf8')).toBe('theirs');
    expect((await lstat(join(folder, 'report.json'))).isFile()).toBe(true);
  }));

test('reports that are written into one folder at the same moment are all whole', () =>
  inTemporaryFolder(async (folder) => {
    await Promise.all(Array.from({ length: 12 }, () => write(folder)));
    expect((await readdir(folder)).toSorted()).toEqual(files);
    expect(JSON.parse(await readFile(join(folder, 'report.json'), 'utf8'))).toMatchObject({ version: 1 });
  }));

test('what a killed program left behind is removed', () =>
  inTemporaryFolder(async (folder) => {
    await writeFile(join(folder, ofDead()), 'half');
    await write(folder);
    expect((await readdir(folder)).toSorted()).toEqual(files);
  }));

test('a file in the place of the folder is reported', () =>
  inTemporaryFolder(async (folder) => {
    const reports = join(folder, 'reports');
    await writeFile(reports, '');
    await expect(write(reports)).rejects.toMatchObject({
      code: 'OUTPUT_NOT_WRITTEN',
      args: { file: reports, reason: 'EEXIST' },
    });
  }));
