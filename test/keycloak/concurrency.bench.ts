import { afterAll, expect, test } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { complete, writeCsv } from '../cli/fleet.js';
import { inTemporaryFolder, program } from '../cli/program.js';
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
    const { status } = await program(['token', file, '--all', '--token-url', tokenUrl, ...options], { cwd });
    expect(status).toBe(0);
    const report = JSON.parse(await readFile(join(cwd, 'biotz-report/report.json'), 'utf8')) as {
      durationMs: number;
      latency: { p50Ms: number }[];
    };
    return { perSecond: (rows.length * 1000) / report.durationMs, p50: report.latency[0]?.p50Ms ?? Number.NaN };
  });
}

test('auto beside fixed concurrencies', async () => {
  // Java is slow at first.
  await measure('8');
  const fixed = new Map<string, Figures>();
  for (const concurrency of ['1', '4', '8', '16', '32']) fixed.set(concurrency, await measure(concurrency));
  const auto = await measure('auto');
  const best = Math.max(...[...fixed.values()].map(({ perSecond }) => perSecond));
  const slowest = fixed.get('32')?.p50 ?? Number.NaN;
  const lines = [...fixed, ['auto', auto] as const].map(
    ([name, { perSecond, p50 }]) =>
      `${name.padStart(4)} at a time: ${perSecond.toFixed(1)}/s, p50 ${p50.toFixed(0)} ms\n`,
  );
  process.stdout.write(
    `\n${lines.join('')}auto / best: ${(auto.perSecond / best).toFixed(2)} (wanted >= 0.9); ` +
      `p50 / p50 of 32: ${(auto.p50 / slowest).toFixed(2)} (wanted <= 0.6)\n`,
  );
}, 300_000);
