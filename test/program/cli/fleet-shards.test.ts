import { expect, test } from '@jest/globals';
import { join } from 'node:path';
import { complete, csvOf } from './fleet.js';
import { spawnProgram as program } from '../../support/program.js';
import { many, reportIn, rowsOf, withServer } from './run-fleet.js';

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
