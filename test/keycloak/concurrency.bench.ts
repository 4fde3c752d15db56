import { afterAll, expect, test } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { complete, writeCsv } from '../program/cli/fleet.js';
import { inTemporaryFolder } from '../support/folder.js';
import { spawnProgram } from '../support/program.js';
import type { Realm } from './realm.js';
import { startKeycloak } from './server.js';

// Not a test but a measurement: which concurrency serves a real Keycloak best, and what `auto` makes of it.
// npm run bench:keycloak

const rows = Array.from({ length: 300 }, (_, index) => complete({}, index));
const realm: Realm = {
  realm: 'bench',
  enabled: true,
  clients: [{ clientId: 'bench', publicClient: true, directAccessGrantsEnabled: true }],
  users: rows.map(({ username, password }) => ({
    username,
    email: username,
    emailVerified: true,
    firstName: 'A',
    lastName: 'Device',
    enabled: true,
    credentials: [{ type: 'password', value: password }],
  })),
};
/** Of each setting; the median counts. */
const ROUNDS = 3;

const keycloak = await startKeycloak('26.4.0', [realm]);
afterAll(() => keycloak.stop());

interface Figures {
  readonly perSecond: number;
  readonly p50: number;
}

async function measure(concurrency: string): Promise<Figures> {
  return inTemporaryFolder(async (cwd) => {
    const file = await writeCsv(cwd, rows);
    const tokenUrl = `${keycloak.url}/realms/bench/protocol/openid-connect/token`;
    const options = [
      '--client-id',
      'bench',
      '--no-verify',
      '--concurrency',
      concurrency,
      '--reporters',
      'json',
    ];
    const { status } = await spawnProgram(['token', file, '--all', '--token-url', tokenUrl, ...options], {
      cwd,
    });
    expect(status).toBe(0);
    const report = JSON.parse(await readFile(join(cwd, 'biotz-report/report.json'), 'utf8')) as {
      durationMs: number;
      latency: { p50Ms: number }[];
    };
    return {
      perSecond: (rows.length * 1000) / report.durationMs,
      p50: report.latency[0]?.p50Ms ?? Number.NaN,
    };
  });
}

const median = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

test('auto beside fixed concurrencies', async () => {
  // Java is slow at first.
  await measure('8');
  const settings = ['1', '4', '8', '16', '32', 'auto'];
  const runs = new Map<string, Figures[]>(settings.map((setting) => [setting, []]));
  // In turn, so that whatever else the machine does meets them all.
  for (let round = 0; round < ROUNDS; round++) {
    for (const setting of settings) runs.get(setting)?.push(await measure(setting));
  }
  const medians = [...runs].map(([setting, figures]) => ({
    setting,
    perSecond: median(figures.map(({ perSecond }) => perSecond)),
    p50: median(figures.map(({ p50 }) => p50)),
  }));
  for (const { setting, perSecond, p50 } of medians) {
    process.stdout.write(
      `${setting.padStart(4)} at once: ${perSecond.toFixed(1)}/s, p50 ${p50.toFixed(0)} ms\n`,
    );
  }
  const auto = medians.find(({ setting }) => setting === 'auto');
  const most = medians.find(({ setting }) => setting === '32');
  const best = Math.max(...medians.filter((figures) => figures !== auto).map(({ perSecond }) => perSecond));
  const ratios = { rate: (auto?.perSecond ?? 0) / best, latency: (auto?.p50 ?? 0) / (most?.p50 ?? 0) };
  process.stdout.write(
    `auto / best: ${ratios.rate.toFixed(2)} (wanted >= 0.9); p50 / p50 of 32: ${ratios.latency.toFixed(2)} (wanted <= 0.6)\n`,
  );
  expect(ratios.rate).toBeGreaterThan(0);
}, 900_000);
