import { describe, expect, test } from '@jest/globals';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Census } from '../../src/fleet/census.js';
import type { DeviceResult } from '../../src/result/device-result.js';
import { collectionWith } from '../run/fleet.js';
import type { TokenServer } from '../run/token-server.js';
import { startTokenServer } from '../run/token-server.js';
import type { Row } from './fleet.js';
import { complete, csvOf, writeCsv } from './fleet.js';
import { bin, inTemporaryFolder, program, shell } from './program.js';

interface Calling {
  readonly folder: string;
  readonly server: TokenServer;
  readonly rows: readonly Row[];
  readonly args?: readonly string[];
  readonly interruptAfter?: Promise<unknown>;
  readonly killAfter?: Promise<unknown>;
}

/** Runs a fleet with every report; standard input is the credentials file. */
function runFleet({ folder, server, rows, args = [], ...signals }: Calling) {
  const reports = ['--report-dir', join(folder, 'report'), '--reporters', 'cli,json,junit,ndjson'];
  return program(['run', '-', '--token-url', server.tokenUrl, ...reports, ...args], {
    input: csvOf(rows),
    cwd: folder,
    ...signals,
  });
}

async function resultsIn(folder: string): Promise<DeviceResult[]> {
  const text = await readFile(join(folder, 'report/results.ndjson'), 'utf8');
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as DeviceResult);
}

const reportIn = async (folder: string) =>
  JSON.parse(await readFile(join(folder, 'report/report.json'), 'utf8')) as {
    counts: Record<string, number>;
    digest: { read: string; attempted: string };
    end: string;
  };

const rowsOf = (...usernames: string[]): Row[] =>
  usernames.map((username, index) => ({ id: `${username}-${index}`, username: `${username}-${index}` }));

const many = (count: number, username: string) => Array.from({ length: count }, () => username);

/** A server and a folder of a test's own. */
async function withServer<T>(use: (own: { folder: string; server: TokenServer }) => Promise<T>): Promise<T> {
  const server = await startTokenServer();
  try {
    return await inTemporaryFolder((folder) => use({ folder, server }));
  } finally {
    await server.close();
  }
}

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

describe('a run stops early', () => {
  test('with status 1 when the first devices are all refused alike', () =>
    withServer(async ({ folder, server }) => {
      const { status, stdout } = await runFleet({ folder, server, rows: rowsOf(...many(200, 'wrong')) });
      expect(status).toBe(1);
      expect(stdout).toContain('[refused-alike]');
      const { counts } = await reportIn(folder);
      expect(counts['attempted']).toBeLessThan(60);
      expect(counts['attempted']).toBe(server.usernames.length);
      expect(Number(counts['attempted']) + Number(counts['notAttempted'])).toBe(200);
    }));

  test('with status 3 when the server is gone', () =>
    withServer(async ({ folder, server }) => {
      const rows = rowsOf(...many(200, 'ok'));
      const gone = { ...server, tokenUrl: 'http://127.0.0.1:9/token' };
      const { status, stdout } = await runFleet({ folder, server: gone, rows, args: ['--retries', '1'] });
      expect(status).toBe(3);
      expect(stdout).toContain('[server-gone]');
      expect((await reportIn(folder)).counts['notAttempted']).toBeGreaterThan(100);
    }));

  test.each([
    ['--bail', ['--bail'], 1],
    ['--max-failures', ['--max-failures', '3'], 3],
    ['a percentage of failures', ['--max-failures', '10%'], 4],
  ])('with status 1 for %s', (_option, args, failures) =>
    withServer(async ({ folder, server }) => {
      const rows = rowsOf('ok', ...Array.from({ length: 39 }, (_, index) => (index % 2 ? 'ok' : 'wrong')));
      const { status } = await runFleet({ folder, server, rows, args: [...args, '--concurrency', '1'] });
      expect(status).toBe(1);
      expect((await reportIn(folder)).counts['failed']).toBe(failures);
    }),
  );
});

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

test('shards are united into one report, with each device once', () =>
  withServer(async ({ folder, server }) => {
    const rows = [...rowsOf(...many(20, 'ok'), 'wrong'), { created: 'No' }];
    for (const shard of ['1', '2', '3']) {
      const { status } = await program(
        [
          'run',
          '-',
          '--token-url',
          server.tokenUrl,
          '--shard',
          `${shard}/3`,
          '--report-dir',
          join(folder, shard),
        ],
        { input: csvOf(rows), cwd: folder },
      );
      expect([0, 1]).toContain(status);
    }
    expect(server.usernames.toSorted()).toEqual(
      rows
        .map(complete)
        .filter(({ created }) => created === 'Yes')
        .map(({ username }) => username)
        .toSorted(),
    );
    const shards = ['1', '2', '3'].map((shard) => join(folder, shard));
    const merge = ['--reporters', 'cli,json', '--report-dir', join(folder, 'report')];
    const merged = await program(['report', 'merge', ...shards, ...merge]);
    expect(merged.status).toBe(1);
    expect(merged.stdout).toContain('22 read, 1 skipped, 21 attempted, 20 passed, 1 failed, 0 not attempted');
    const { digest } = await reportIn(folder);
    expect(digest.attempted).toBe(digest.read);
    const missing = await program(['report', 'merge', ...shards.slice(1), ...merge]);
    expect(missing.status).toBe(3);
    const twice = await program(['report', 'merge', ...shards, ...shards.slice(1), ...merge]);
    expect(twice.status).toBe(2);
  }));

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
