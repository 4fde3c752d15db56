import { describe, expect, test } from '@jest/globals';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { many, reportIn, rowsOf, runFleet, withServer } from './run-fleet.js';

describe('a run is resumed', () => {
  const rows = rowsOf(...many(300, 'ok'), 'wrong');

  test('after SIGKILL: nothing that was reported is lost, and at most what was in flight is sent again', () =>
    withServer(async ({ folder, server }) => {
      const killed = await runFleet({
        folder,
        server,
        rows,
        args: ['--concurrency', '6'],
        killAfter: server.reached(80),
      });
      expect(killed.status).toBeNull();
      const before = server.usernames.length;
      const journal = await readFile(join(folder, 'report/journal.ndjson'), 'utf8');
      // A kill may tear the last line.
      await writeFile(join(folder, 'report/journal.ndjson'), `${journal}{"type":"dev`);
      const reported = journal.split('\n').filter((line) => line.includes('"type":"device"')).length;
      const { status } = await runFleet({ folder, server, rows, args: ['--resume'] });
      expect(status).toBe(1);
      const { counts, digest } = await reportIn(folder);
      expect(counts).toMatchObject({ attempted: 301, passed: 300, failed: 1, notAttempted: 0 });
      expect(digest.attempted).toBe(digest.read);
      expect(server.usernames.length - before).toBe(301 - reported);
      expect(server.usernames.length - 301).toBeLessThanOrEqual(6);
    }));

  test('with only what failed', () =>
    withServer(async ({ folder, server }) => {
      const few = rowsOf('ok', 'once-wrong', 'wrong', 'ok');
      await runFleet({ folder, server, rows: few });
      expect(server.usernames).toHaveLength(4);
      const { status } = await runFleet({ folder, server, rows: few, args: ['--resume', 'failed'] });
      expect(status).toBe(1);
      expect(
        server.usernames
          .slice(4)
          .map((name) => name.slice(0, 6))
          .toSorted(),
      ).toEqual(['once-w', 'wrong-']);
      expect((await reportIn(folder)).counts).toMatchObject({ attempted: 4, passed: 3, failed: 1 });
    }));

  test('with only what failed, also when that was killed before', () =>
    withServer(async ({ folder, server }) => {
      const few = rowsOf('ok', 'once-wrong', 'silent', 'ok');
      const args = ['--retries', '0', '--timeout-request', '1000', '--concurrency', '1'];
      await runFleet({ folder, server, rows: few, args });
      const again = [...args, '--resume', 'failed'];
      // The sixth login is the second one of the device that gets no answer.
      const killed = await runFleet({ folder, server, rows: few, args: again, killAfter: server.reached(6) });
      expect(killed.status).toBeNull();
      const before = server.usernames.length;
      await runFleet({ folder, server, rows: few, args: again });
      expect(server.usernames.slice(before)).toEqual([few[2]?.username]);
      expect((await reportIn(folder)).counts).toMatchObject({ attempted: 4, passed: 3, failed: 1 });
    }));

  test.each([
    ['another file', rowsOf('ok', 'ok'), [] as string[]],
    ['another collection', undefined, ['--message-type', 'climate', '--payload', '{}']],
    ['other options', undefined, ['--client-id', 'other']],
  ])('not with %s', (_what, other, args) =>
    withServer(async ({ folder, server }) => {
      const few = rowsOf('ok');
      await runFleet({ folder, server, rows: few });
      const { status, stderr } = await runFleet({
        folder,
        server,
        rows: other ?? few,
        args: ['--resume', ...args],
      });
      expect(status).toBe(2);
      expect(stderr).toContain('[JOURNAL_FOREIGN]');
      expect(server.usernames).toHaveLength(1);
    }),
  );

  test('not where there is no journal', () =>
    withServer(async ({ folder, server }) => {
      const { status, stderr } = await runFleet({ folder, server, rows: rowsOf('ok'), args: ['--resume'] });
      expect(status).toBe(2);
      expect(stderr).toContain('[JOURNAL_MISSING]');
    }));

  test('after SIGINT, which writes the reports and says how to go on', () =>
    withServer(async ({ folder, server }) => {
      const { status, stdout } = await runFleet({
        folder,
        server,
        rows,
        interruptAfter: server.reached(20),
      });
      expect(status).toBe(130);
      expect(stdout).toContain('--resume');
      const { counts, end } = await reportIn(folder);
      expect(end).toBe('interrupted');
      expect(counts['attempted']).toBe(server.usernames.length);
      const resumed = await runFleet({ folder, server, rows, args: ['--resume'] });
      expect(resumed.status).toBe(1);
      expect(server.usernames).toHaveLength(301);
    }));
});
