import { appendFile, cp, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { nameWith } from '../../unit/files/left-behind.js';
import type { TokenServer } from '../../unit/newman/token-server.js';
import { csvOf } from './fleet.js';
import { filesBelow } from '../../support/folder.js';
import { spawnProgram as program } from '../../support/program.js';
import { many, reportIn, rowsOf, runFleet, withServer } from './run-fleet.js';

const publishing = (server: TokenServer) => [
  '--ingestion-url',
  server.origin,
  '--message-type',
  'climate',
  '--payload',
  '{}',
];
const few = ['--retries', '0', '--concurrency', '2'];

/** How the second of two programs ends. */
const refused = { status: 3, stderr: expect.stringMatching(/process \d+ on .*\[FOLDER_IN_USE\]/s) };

const journalIn = async (folder: string) => readFile(join(folder, 'report/journal.ndjson'), 'utf8');

describe('of two programs that run a fleet in one folder, the second ends with 3 and sends nothing', () => {
  test('when both resume what has failed', () =>
    withServer(async ({ folder, server }) => {
      const rows = rowsOf(...many(6, 'once-wrong'), ...many(2, 'ok'));
      await runFleet({ folder, server, rows, args: ['--max-failures', '100%'] });
      expect(server.usernames).toHaveLength(8);
      const again = { folder, server, rows, args: ['--resume', 'failed'] };
      const both = await Promise.all([runFleet(again), runFleet(again)]);
      expect(both.toSorted((a, b) => Number(a.status) - Number(b.status))).toEqual([
        expect.objectContaining({ status: 0 }),
        expect.objectContaining(refused),
      ]);
      expect(server.usernames).toHaveLength(14);
      expect((await reportIn(folder)).counts).toMatchObject({ attempted: 8, passed: 8 });
    }));

  test('when both resume after a kill that tore the last line, and publish', () =>
    withServer(async ({ folder, server }) => {
      const rows = rowsOf(...many(30, 'ok'));
      const args = [...publishing(server), ...few];
      await runFleet({ folder, server, rows, args, killAfter: server.reached(10) });
      await appendFile(join(folder, 'report/journal.ndjson'), '{"type":"dev');
      const resume = { folder, server, rows, args: [...args, '--resume'] };
      const both = await Promise.all([runFleet(resume), runFleet(resume)]);
      expect(both).toContainEqual(expect.objectContaining(refused));
      expect(new Set(server.usernames).size).toBe(server.usernames.length);
      expect(server.published).toBeLessThanOrEqual(30);
      expect((await reportIn(folder)).counts).toMatchObject({ attempted: 30, notAttempted: 0 });
    }));

  test('whatever the second is to do, and by whatever path it reaches the folder', () =>
    withServer(async ({ folder, server }) => {
      const rows = rowsOf(...many(12, 'ok'), 'silent');
      await writeFile(join(folder, 'devices.csv'), csvOf(rows), { mode: 0o600 });
      const fleet = ['devices.csv', '--token-url', server.tokenUrl];
      const report = ['--report-dir', 'report'];
      const second: (readonly string[])[] = [
        ['run', ...fleet, ...report],
        ['run', ...fleet, ...report, '--resume'],
        ['run', ...fleet, ...report, '--resume', 'failed'],
        ['run', ...fleet, ...report, '--body', 'auto'],
        ['run', ...fleet, ...report, '--newman-reporter', 'json'],
        ['run', ...fleet, '--report-dir', join(folder, '..', basename(folder), 'report/')],
        ['token', ...fleet, ...report, '--all', '--no-verify', '--out', 'tokens.json'],
        ['report', 'merge', 'report', '--report-dir', 'report', '--reporters', 'json'],
      ];
      const others = async () => {
        // The last device waits for its answer, and every other one is done.
        await server.reached(13);
        while ((await journalIn(folder)).split('"type":"device"').length <= 12) await setImmediate();
        const before = await filesBelow(folder);
        const ended = await Promise.all(second.map((args) => program(args, { cwd: folder })));
        expect(ended).toEqual(second.map(() => expect.objectContaining(refused)));
        expect(await filesBelow(folder)).toEqual(before);
      };
      const args = [...publishing(server), ...few, '--timeout-request', '600000'];
      const killAfter = others();
      await runFleet({ folder, server, rows, args, killAfter });
      await killAfter;
      expect(server.usernames).toHaveLength(13);
      await runFleet({ folder, server, rows, args: [...args, '--resume'] });
      expect(server.published).toBe(12);
      expect((await reportIn(folder)).counts).toMatchObject({ attempted: 13, passed: 12, failed: 1 });
    }));
});

test('journals can be read while a run writes to one of them', () =>
  withServer(async ({ folder, server }) => {
    const rows = rowsOf(...many(8, 'ok'), 'silent');
    const running = runFleet({ folder, server, rows, args: [...few, '--timeout-request', '3000'] });
    await server.reached(9);
    const merged = await program(
      ['report', 'merge', 'report', '--report-dir', 'merged', '--reporters', 'cli,json'],
      {
        cwd: folder,
      },
    );
    expect(merged.stderr).toContain('[REPORT_INCOMPLETE]');
    expect(merged.stdout).toMatch(/[78] passed/);
    await running;
  }));

test('a lock from another machine is not broken, and the message says what to delete', () =>
  withServer(async ({ folder, server }) => {
    const lock = join(folder, 'report/.biotz-lock');
    const name = nameWith(undefined, undefined, '0123456789abcdef');
    await mkdir(lock, { recursive: true });
    await writeFile(join(lock, name), '');
    const { status, stderr } = await runFleet({ folder, server, rows: rowsOf('ok') });
    expect(status).toBe(3);
    expect(stderr).toContain(`delete ${lock} and try again`);
    expect(server.usernames).toEqual([]);
    expect(await readdir(lock)).toEqual([name]);
  }));

test('after SIGKILL the next run takes the lock over, also in a copy of the folder', () =>
  withServer(async ({ folder, server }) => {
    const rows = rowsOf(...many(30, 'ok'));
    await runFleet({ folder, server, rows, args: few, killAfter: server.reached(5) });
    expect(await readdir(join(folder, 'report'))).toContain('.biotz-lock');
    await cp(join(folder, 'report'), join(folder, 'copy'), { recursive: true });
    await writeFile(join(folder, 'devices.csv'), csvOf(rows), { mode: 0o600 });
    for (const report of ['report', 'copy']) {
      const args = ['run', 'devices.csv', '--token-url', server.tokenUrl, '--report-dir', report, '--resume'];
      expect((await program(args, { cwd: folder })).status).toBe(0);
      expect(await readdir(join(folder, report))).not.toContain('.biotz-lock');
    }
  }));

test('a run that comes to nothing leaves no folder behind', () =>
  withServer(async ({ folder, server }) => {
    await symlink('/nowhere', join(folder, 'link'));
    const input = csvOf(rowsOf('ok'));
    const run = (...args: string[]) =>
      program(['run', '-', '--token-url', server.tokenUrl, ...args], { cwd: folder, input });
    const resumed = await run('--resume');
    expect(resumed).toMatchObject({ status: 2, stderr: expect.stringContaining('[JOURNAL_MISSING]') });
    const linked = await run('--report-dir', 'link');
    expect(linked).toMatchObject({ status: 3, stderr: expect.stringContaining('ELOOP') });
    const unknown = await run('--newman-reporter', 'none');
    expect(unknown.status).toBe(2);
    expect(await readdir(folder)).toEqual(['link']);
    expect(server.usernames).toEqual([]);
  }));
