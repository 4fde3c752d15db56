import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import type { JournalRecord } from '../../../src/journal/record.js';
import type { RunReport } from '../../../src/report/json.js';
import { failed, indexesOf, passed, runOf, shardOf } from '../../unit/journal/fleet.js';
import { filesBelow, inTemporaryFolder } from '../../support/folder.js';
import { program, shell } from '../../support/program.js';

const bin = fileURLToPath(new URL('../../../bin/biotz-postman.js', import.meta.url));
const end = { type: 'end', endedAt: '2026-01-31T12:00:02.000Z', durationMs: 2000, end: 'completed' } as const;

async function writeJournal(file: string, records: readonly JournalRecord[]) {
  await writeFile(file, records.map((record) => `${JSON.stringify(record)}\n`).join(''));
  return file;
}

/** Folders as shards leave them as artifacts, with a journal each; device 0 failed. */
async function writeShards(folder: string, count: number, devices = 10): Promise<readonly string[]> {
  const shards = Array.from({ length: count }, (_, at) => join(folder, `shard-${at + 1}`));
  for (const [at, shard] of shards.entries()) {
    await mkdir(shard);
    const results = indexesOf(devices, at + 1, count).map((index) => (index === 0 ? failed : passed)(index));
    await writeJournal(join(shard, 'journal.ndjson'), [shardOf(devices, at + 1, count), ...results, end]);
  }
  return shards;
}

const allReporters = ['--reporters', 'cli,json', '--reporters', 'junit,ndjson'];

test('report merge unites the journals of all shards, and ends as the run would have', () =>
  inTemporaryFolder(async (folder) => {
    const shards = await writeShards(folder, 3);
    const { status, stdout, stderr } = await program(['report', 'merge', ...shards, ...allReporters], {
      cwd: folder,
    });
    expect(status).toBe(1);
    expect(stdout).toContain('FAILED 1 device: the server refused this username and password');
    expect(stdout).toContain(
      '12 read, 2 skipped, 10 attempted, 9 passed, 1 failed, 0 not attempted (2.0 s, 5/s)\n',
    );
    expect(stderr.split('\n').toSorted()).toEqual([
      '',
      'Written: biotz-report/report.json',
      'Written: biotz-report/report.junit.xml',
      'Written: biotz-report/results.ndjson',
    ]);
    const { counts, digest } = JSON.parse(
      await readFile(join(folder, 'biotz-report/report.json'), 'utf8'),
    ) as RunReport;
    expect(counts).toMatchObject({ read: 12, skipped: 2, attempted: 10, notAttempted: 0 });
    expect(digest.attempted).toBe(digest.read);
  }));

test('the journal of a killed run makes its report', () =>
  inTemporaryFolder(async (folder) => {
    const journal = await writeJournal(join(folder, 'killed'), [runOf(3), passed(0)]);
    const { status, stdout, stderr } = await program(['report', 'merge', journal]);
    expect(status).toBe(3);
    expect(stdout).toContain('NOT ATTEMPTED 2 devices: the run was killed, or is still running');
    expect(stdout).toContain('5 read, 2 skipped, 1 attempted, 1 passed, 0 failed, 2 not attempted');
    expect(stderr).toContain('2 devices were not attempted. Run the missing devices');
  }));

test('a whole run in which every device passed ends with 0', () =>
  inTemporaryFolder(async (folder) => {
    const journal = await writeJournal(join(folder, 'whole'), [runOf(1), passed(0), end]);
    expect(await program(['report', 'merge', journal])).toMatchObject({ status: 0, stderr: '' });
  }));

test('missing shards are named with status 3, and what is there is reported', () =>
  inTemporaryFolder(async (folder) => {
    const [, second = ''] = await writeShards(folder, 4);
    const { status, stderr } = await program(['report', 'merge', second, ...allReporters], { cwd: folder });
    expect(status).toBe(3);
    expect(stderr).toContain('shards 1, 3, 4 of 4 are missing, and 7 devices were not attempted');
    expect(await filesBelow(join(folder, 'biotz-report'))).toMatchObject({
      'report.json': expect.stringContaining('"notAttempted": 7'),
      'report.junit.xml': expect.stringContaining('7 devices were not attempted'),
    });
  }));

test.each([
  ['a shard that is given twice', ['shard-1', 'shard-2', 'shard-1'], 'Shard 1 of 2 is in'],
  ['a path without a journal', ['shard-1', 'shard-3'], 'There is no journal at shard-3'],
  ['a journal of another fleet', ['shard-1', 'other'], 'other belongs to another credentials file than'],
  ['what is no journal', ['shard-1', 'text'], 'text:1 is not a usable journal: it is not valid JSON'],
])('%s ends with status 2, and nothing is written', (_what, journals, says) =>
  inTemporaryFolder(async (folder) => {
    await writeShards(folder, 2);
    await writeJournal(join(folder, 'other'), [shardOf(11, 2, 2)]);
    await writeFile(join(folder, 'text'), 'Created,Name,Password\nYes,pump,canary\n');
    const before = await readdir(folder);
    const { status, stdout, stderr } = await program(['report', 'merge', ...journals, ...allReporters], {
      cwd: folder,
    });
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(says);
    expect(stderr).not.toContain('canary');
    expect(await readdir(folder)).toEqual(before);
  }),
);

test('a full disk ends with status 3, and leaves the reports of before', () =>
  inTemporaryFolder(async (folder) => {
    const journal = await writeJournal(join(folder, 'journal.ndjson'), [
      runOf(200),
      ...indexesOf(200, 1, 1).map((index) => passed(index)),
      end,
    ]);
    await mkdir(join(folder, 'reports'));
    await writeFile(join(folder, 'reports/report.json'), 'of before');
    // Node ignores SIGXFSZ, so that a file size limit of 512 bytes is like a full disk.
    const { status, stderr } = await shell(
      'ulimit -f 1; exec "$0" "$@"',
      [process.execPath, bin, 'report', 'merge', journal, ...allReporters, '--report-dir', 'reports'],
      { cwd: folder },
    );
    expect(status).toBe(3);
    expect(stderr).toMatch(/reports\/\S+ could not be written \(EFBIG\)/);
    expect(await filesBelow(join(folder, 'reports'))).toEqual({ 'report.json': 'of before' });
    expect(await readFile(journal, 'utf8')).toContain('device-199');
  }));

test.each([
  ['no journal', [], 'has no JOURNALS'],
  [
    'an unknown reporter',
    ['x', '--reporters', 'cli,html'],
    '--reporters takes only cli, json, junit, markdown, ndjson',
  ],
])('a command line with %s is refused', async (_what, args, says) => {
  const { status, stderr } = await program(['report', 'merge', ...args]);
  expect(status).toBe(2);
  expect(stderr).toContain(says);
});

test('report alone names its commands', async () => {
  const { status, stderr } = await program(['report']);
  expect(status).toBe(2);
  expect(stderr).toContain('report merge');
});
