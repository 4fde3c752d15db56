import { describe, expect, test } from '@jest/globals';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Census } from '../../../src/fleet/census.js';
import { collectionOf, collectionWith } from '../newman/fleet.js';
import { complete, writeCsv } from './fleet.js';
import { bin, spawnProgram as program, shell } from '../../support/program.js';
import { many, reportIn, resultsIn, rowsOf, runFleet, withServer } from './run-fleet.js';

test('a fleet with killed threads, dropped connections and stalled answers: no device is missing or doubled', () =>
  withServer(async ({ folder, server }) => {
    const killer = await collectionWith(
      `if (pm.response.headers?.get('x-kill')) Promise.reject(new Error('kills the thread'));`,
    );
    const collection = join(folder, 'killer.json');
    await writeFile(collection, JSON.stringify(killer));
    const rows = rowsOf(
      // Far from each other: one that is in flight where another kills the thread is not asked a third time.
      'once-kill',
      ...many(30, 'ok'),
      'once-kill',
      ...many(3, 'once-reset'),
      ...many(2, 'once-silent'),
      ...many(2, 'once-halfway'),
      ...many(2, 'once-unavailable'),
      'wrong',
      'kill',
    );
    const args = ['--collection', collection, '--folder', 'Get token', '--timeout-request', '1500'];
    const { status, stdout } = await runFleet({
      folder,
      server,
      rows,
      args: [...args, '--concurrency', '8'],
    });
    expect(status).toBe(1);
    const results = await resultsIn(folder);
    const ids = rows.map(complete).map(({ id }) => id);
    expect(results.map(({ deviceId }) => deviceId).toSorted()).toEqual(ids.toSorted());

    const failed = results.filter((result) => result.status === 'failed');
    expect(failed.map(({ username, reason }) => `${username}: ${reason}`).toSorted()).toEqual([
      'kill-42: worker-died',
      'wrong-41: invalid-user-credentials',
    ]);
    const troubled = results.filter(({ username }) => username.startsWith('once-'));
    // Once more, where it was in flight beside one that killed the thread.
    expect(
      troubled.filter(({ status, attempts }) => status === 'passed' && [2, 3].includes(attempts)),
    ).toEqual(troubled);
    // A clear refusal is never tried again.
    expect(server.usernames.filter((username) => username === 'wrong-41').length).toBeLessThanOrEqual(2);
    const { counts, digest, end } = await reportIn(folder);
    expect(counts).toMatchObject({
      read: 43,
      skipped: 0,
      attempted: 43,
      passed: 41,
      failed: 2,
      notAttempted: 0,
    });
    expect(end).toBe('completed');
    expect(digest.attempted).toBe(digest.read);
    const census = new Census();
    for (const id of ids) census.add({ deviceId: id, username: id });
    expect(digest.read).toBe(census.finish({ read: 0, skipped: 0 }).fleet.digest);
    expect(stdout).toContain('41 passed');
  }));

test('a login that may have arrived is repeated no sooner than 1.5 s later', () =>
  withServer(async ({ folder, server }) => {
    const rows = rowsOf('once-reset', 'once-unavailable');
    await runFleet({ folder, server, rows });
    for (const { username } of rows) {
      const [first = 0, second = 0] = server.times.filter((_, index) => server.usernames[index] === username);
      expect(second - first).toBeGreaterThanOrEqual(1500);
    }
    expect(server.usernames).toHaveLength(4);
  }));

describe('a message', () => {
  const publish = ['--message-type', 'climate', '--payload', '{"temp":1}'];

  test('is not sent again where it may have arrived', () =>
    withServer(async ({ folder, server }) => {
      // The same server takes the message, and resets the connection when it comes.
      const args = [...publish, '--ingestion-url', `${server.origin}/reset`];
      const { status } = await runFleet({ folder, server, rows: rowsOf('ok'), args });
      expect(status).toBe(1);
      expect(await resultsIn(folder)).toMatchObject([
        { reason: 'connection-reset', request: 'Publish data', attempts: 1 },
      ]);
      expect(server.published).toBe(1);
    }));

  test('is not taken for a login, though its address begins like that of the token endpoint', () =>
    withServer(async ({ folder, server }) => {
      const at = { ...server, tokenUrl: `${server.origin}/` };
      const args = [...publish, '--ingestion-url', server.origin, '--body', 'urlencoded'];
      await runFleet({ folder, server: at, rows: rowsOf('ok'), args });
      // The server takes everything but /token for a message: the login itself is the one that is refused.
      expect(server.published).toBe(1);
    }));

  test('is sent again, after another login, where it cannot have arrived', () =>
    withServer(async ({ folder, server }) => {
      const args = [...publish, '--ingestion-url', 'http://127.0.0.1:9', '--retries', '1'];
      await runFleet({ folder, server, rows: rowsOf('ok'), args });
      expect(await resultsIn(folder)).toMatchObject([{ reason: 'connection-refused', attempts: 2 }]);
      expect(server.usernames).toHaveLength(2);
    }));

  test('leaves its device’s outcome unknown when the thread dies: nothing is repeated', () =>
    withServer(async ({ folder, server }) => {
      const killer = await collectionWith(
        `if (pm.iterationData.get('username').startsWith('dies')) Promise.reject(new Error('x'));`,
      );
      const collection = join(folder, 'killer.json');
      await writeFile(collection, JSON.stringify(killer));
      const args = ['--collection', collection, '--concurrency', '1'];
      const own = [...args, '--message-type', 'climate', '--ingestion-url', server.origin];
      await runFleet({ folder, server, rows: rowsOf('ok', 'dies', 'ok'), args: own });
      const results = await resultsIn(folder);
      expect(results.map((result) => (result.status === 'failed' ? result.reason : 'passed'))).toEqual([
        'passed',
        'outcome-unknown',
        'passed',
      ]);
      expect(server.usernames.filter((name) => name.startsWith('dies'))).toHaveLength(1);
    }));
});

describe('a folder that cannot be written to', () => {
  test('is known before anything is sent', () =>
    withServer(async ({ folder, server }) => {
      await writeFile(join(folder, 'report'), 'a file in its place');
      const { status, stderr } = await runFleet({ folder, server, rows: rowsOf('ok') });
      expect(status).toBe(3);
      expect(stderr).toContain('[OUTPUT_NOT_WRITTEN]');
      expect(server.usernames).toEqual([]);
    }));

  test('ends the run where it fills up meanwhile; the journal is kept, and the run can go on', () =>
    withServer(async ({ folder, server }) => {
      const rows = rowsOf(...many(60, 'ok'));
      const file = await writeCsv(folder, rows);
      const report = join(folder, 'report');
      const args = [
        'run',
        file,
        '--token-url',
        server.tokenUrl,
        '--report-dir',
        report,
        '--reporters',
        'json',
      ];
      // The largest file that may be written has 8 blocks of 512 bytes: room for the first few results.
      const full = await shell('ulimit -f 8; exec "$0" "$@"', [process.execPath, bin, ...args]);
      expect(full.status).toBe(3);
      expect(full.stderr).toContain('journal.ndjson could not be written (EFBIG)');
      const journal = await readFile(join(report, 'journal.ndjson'), 'utf8');
      const results = journal.split('\n').filter((line) => line.includes('"type":"device"'));
      expect(results.length).toBeGreaterThan(0);
      expect(results.length).toBeLessThan(60);
      expect((await program([...args, '--resume'])).status).toBe(0);
      const { counts, digest } = await reportIn(folder);
      expect(counts).toMatchObject({ attempted: 60, passed: 60 });
      expect(digest.attempted).toBe(digest.read);
    }));
});

test('Newman’s own reporters work, with a warning, into a private folder', () =>
  withServer(async ({ folder, server }) => {
    const args = ['--newman-reporter', 'json', '--newman-reporter', 'junit'];
    const { status, stderr } = await runFleet({ folder, server, rows: rowsOf('ok', 'wrong'), args });
    expect(status).toBe(1);
    expect(stderr).toContain('write passwords and tokens');
    const own = JSON.parse(await readFile(join(folder, 'report/private/newman.json'), 'utf8')) as {
      run: { executions: unknown[] };
    };
    expect(own.run.executions).toHaveLength(2);
    const junit = join(folder, 'report/private/newman.junit.xml');
    expect(await readFile(junit, 'utf8')).toContain('<testsuites');
    expect((await stat(junit)).mode & 0o777).toBe(0o600);
  }));

test('if a script ends the run of Newman’s own reporters, the run ends, and they keep what they saw', () =>
  withServer(async ({ folder, server }) => {
    // The request that goes round is skipped each time, so that a thousand of them take little time.
    const circle = `pm.execution.setNextRequest('round'); pm.execution.skipRequest();`;
    const own = collectionOf(
      { name: 'hello', request: { url: `${server.tokenUrl}?user={{username}}` } },
      {
        name: 'round',
        request: { url: server.tokenUrl },
        prerequest: `if (pm.iterationData.get('username').startsWith('second')) { ${circle} }`,
      },
    );
    const collection = join(folder, 'own.json');
    await writeFile(collection, JSON.stringify(own));
    const args = ['--collection', collection, '--newman-reporter', 'json'];
    const rows = rowsOf('first', 'second', 'third');
    const { status, stderr } = await runFleet({ folder, server, rows, args });
    expect(status).toBe(3);
    expect(stderr).toContain('--newman-reporter');
    expect((await reportIn(folder)).counts).toMatchObject({ passed: 1, failed: 1, notAttempted: 1 });
    const report = JSON.parse(await readFile(join(folder, 'report/private/newman.json'), 'utf8')) as {
      run: { executions: unknown[] };
    };
    expect(report.run.executions.length).toBeGreaterThan(1);
    expect(JSON.stringify(report.run.executions[0])).toContain('first');
  }));
