// Compares logins over plain HTTP, without fleet, with a bare undici loop that sends the same requests and parses the
// answers. Measured alternately in one process, against a server in another process.
// Usage: npm run bench:token -- [logins, default 40000] [rounds, default 5]
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Pool } from 'undici';
import { Secret } from '../dist/secret/secret.js';
import { openConnections } from '../dist/http/connections.js';
import { discoverRealm } from '../dist/token/discovery.js';
import { createTokenEngine } from '../dist/token/engine.js';
import { createVerifier } from '../dist/token/verify.js';
import { median } from './measure.mjs';

const [logins = 40_000, rounds = 5] = process.argv.slice(2).map(Number);

const devices = Array.from({ length: 1000 }, (_, index) => {
  const deviceId = `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
  const username = `${deviceId}@devices.data-ingestion.biotz.io`;
  const password = new Secret(`password & ${index}`);
  return { deviceId, name: `device ${index}`, username, password, line: index + 2, otherColumns: {} };
});

/** @typedef {(typeof devices)[number]} Device */
/** @typedef {{ login: (device: Device) => Promise<unknown>, close: () => Promise<void> }} Lane */

/**
 * The peer.
 *
 * @param {string} tokenUrl
 * @param {number} connections
 * @returns {Lane}
 */
function bareLoop(tokenUrl, connections) {
  const { origin, pathname: path } = new URL(tokenUrl);
  const pool = new Pool(origin, { connections });
  const headers = { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' };
  return {
    async login({ username, password }) {
      const fields = { username, password: password.reveal() };
      const body = `grant_type=password&client_id=bench&scope=openid&${new URLSearchParams(fields).toString()}`;
      const answer = await pool.request({ method: 'POST', path, headers, body });
      const tokens = /** @type {{ id_token: string }} */ (await answer.body.json());
      if (answer.statusCode !== 200 || !tokens.id_token) throw new Error('no token');
    },
    close: () => pool.destroy(),
  };
}

/**
 * @param {string} tokenUrl
 * @param {number} connections
 * @param {{ bodyMode?: 'urlencoded' | 'formdata', verified?: boolean }} [options]
 * @returns {Promise<Lane>}
 */
async function engine(tokenUrl, connections, { bodyMode = 'urlencoded', verified = false } = {}) {
  const profile = {
    tokenUrl,
    clientId: 'bench',
    scope: 'openid',
    bodyMode,
    clientAuth: /** @type {const} */ ('body'),
  };
  const opened = openConnections(tokenUrl, { connections });
  const realm = await discoverRealm(opened, tokenUrl);
  const verifier = createVerifier({ connections: opened, realm, clientId: 'bench' });
  const made = createTokenEngine({
    profile,
    connections: opened,
    verify: verified ? verifier.verify : undefined,
  });
  return {
    async login(device) {
      const { failure } = await made.attempt(device);
      if (failure) throw new Error(failure.reason);
    },
    close: () => made.close(),
  };
}

/**
 * @param {Lane} lane
 * @param {number} atOnce
 * @param {number} count
 */
async function measure(lane, atOnce, count) {
  let next = 0;
  const one = async () => {
    for (let device = devices[next++ % 1000]; device && next <= count; device = devices[next++ % 1000]) {
      await lane.login(device);
    }
  };
  const cpu = process.cpuUsage();
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: atOnce }, one));
  const seconds = (performance.now() - startedAt) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  return { rate: count / seconds, cpu: (user + system) / count };
}

/**
 * @param {string} title
 * @param {number} latency in milliseconds
 * @param {number} connections
 * @param {(tokenUrl: string) => Promise<Record<string, Lane>>} open the first lane is the peer
 */
async function compare(title, latency, connections, open) {
  const server = spawn(
    process.execPath,
    [fileURLToPath(new URL('token-server.mjs', import.meta.url)), String(latency), 'signed'],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  const [address] = await once(server.stdout, 'data');
  const lanes = await open(String(address).trim());
  /** @type {Map<string, { rate: number, cpu: number }[]>} */
  const measured = new Map(Object.keys(lanes).map((name) => [name, []]));
  for (const lane of Object.values(lanes)) await measure(lane, connections, Math.min(logins, 5_000));
  for (let round = 0; round < rounds; round++) {
    for (const [name, lane] of Object.entries(lanes)) {
      measured.get(name)?.push(await measure(lane, connections, logins));
    }
  }
  for (const lane of Object.values(lanes)) await lane.close();
  server.kill();
  const [base] = [...measured.values()].map((runs) => median(runs.map(({ rate }) => rate)));
  console.log(`${title}, ${logins} logins, median of ${rounds}, Node ${process.version}`);
  console.table(
    Object.fromEntries(
      [...measured].map(([name, runs]) => [
        name,
        {
          'logins/s': Math.round(median(runs.map(({ rate }) => rate))),
          ratio: (median(runs.map(({ rate }) => rate)) / (base ?? Number.NaN)).toFixed(2),
          'CPU µs a login': median(runs.map(({ cpu }) => cpu)).toFixed(1),
        },
      ]),
    ),
  );
}

await compare('64 connections', 0, 64, async (tokenUrl) => ({
  'bare undici loop': bareLoop(tokenUrl, 64),
  'engine, urlencoded': await engine(tokenUrl, 64),
  'engine, form-data': await engine(tokenUrl, 64, { bodyMode: 'formdata' }),
  'engine, verified': await engine(tokenUrl, 64, { verified: true }),
}));
await compare('1,024 connections, a server 100 ms away', 100, 1024, async (tokenUrl) => ({
  'bare undici loop': bareLoop(tokenUrl, 1024),
  'engine, urlencoded': await engine(tokenUrl, 1024),
  'engine, verified': await engine(tokenUrl, 1024, { verified: true }),
}));
console.log(`peak ${Math.round(process.resourceUsage().maxRSS / 1024)} MB`);
