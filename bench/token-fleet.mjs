// Compares the program `biotz-postman token --all` with a bare undici loop, plain `newman run`, and other load tools if
// they are installed: on a local server, and on one 100 ms away. Measures its memory for a large fleet.
//
// node bench/token-fleet.mjs [ROUNDS] [DEVICES]
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeCredentials } from './credentials.mjs';
import { measure, median } from './measure.mjs';
import { startServer, stopServers } from './token-servers.mjs';

const [rounds = 3, devices = 200_000] = process.argv.slice(2).map(Number);
const here = (/** @type {string} */ name) => fileURLToPath(new URL(name, import.meta.url));
const program = here('../bin/biotz-postman.js');
const newman = createRequire(import.meta.url).resolve('newman/bin/newman.js');
const folder = mkdtempSync(join(tmpdir(), 'biotz-postman-bench-'));
/** @param {number} count */
async function fileOf(count) {
  const file = join(folder, `devices-${count}.csv`);
  await writeCredentials(file, count);
  return file;
}

/**
 * The whole program. `sending`: devices per second from the first login to the last, from its own report; `whole`: devices
 * per second of the process, including start, validation of the file and reports.
 *
 * @param {string} tokenUrl
 * @param {number} count
 * @param {string[]} args
 */
async function ours(tokenUrl, count, args) {
  const file = await fileOf(count);
  const report = join(folder, 'report');
  const command = ['token', file, '--all', '--token-url', tokenUrl, '--client-id', 'bench', '--quiet'];
  const { seconds, megabytes } = await measure([
    program,
    ...command,
    '--report-dir',
    report,
    '--reporters',
    'json',
    ...args,
  ]);
  const { durationMs } = JSON.parse(readFileSync(join(report, 'report.json'), 'utf8'));
  return { sending: (count * 1000) / durationMs, whole: count / seconds, megabytes };
}

/**
 * @param {string} tokenUrl
 * @param {number} connections
 */
async function bare(tokenUrl, connections) {
  const { stdout, megabytes } = await measure([
    here('token-bare.mjs'),
    tokenUrl,
    String(devices),
    String(connections),
  ]);
  return { sending: Number(stdout), whole: Number(stdout), megabytes };
}

/** @param {string} tokenUrl */
async function plainNewman(tokenUrl) {
  const out = join(folder, 'generated');
  await measure([program, 'generate', await fileOf(500), '--out', out, '--token-url', tokenUrl]);
  const files = ['-e', 'biotz.shared.postman_environment.json', '-d', 'private/devices.data.json'];
  const { seconds, megabytes } = await measure([
    newman,
    'run',
    join(out, 'biotz.postman_collection.json'),
    '--folder',
    'Get token',
    ...files.map((name) => (name.startsWith('-') ? name : join(out, name))),
  ]);
  return { sending: 500 / seconds, whole: 500 / seconds, megabytes };
}

/** @typedef {{ sending: number, whole: number, megabytes: number }} Figures */

/**
 * @param {string} title
 * @param {Record<string, { run: () => Promise<Figures>, wanted?: string }>} programs the first is the peer
 */
async function compare(title, programs) {
  /** @type {Map<string, Figures[]>} */
  const measured = new Map(Object.keys(programs).map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, { run }] of Object.entries(programs)) measured.get(name)?.push(await run());
  }
  /** @param {string} name @param {keyof Figures} key */
  const of = (name, key) => median((measured.get(name) ?? []).map((figures) => figures[key]));
  const [peer = ''] = Object.keys(programs);
  console.log(`\n${title}, median of ${rounds}`);
  console.table(
    Object.fromEntries(
      Object.entries(programs).map(([name, { wanted = '' }]) => [
        name,
        {
          'logins/s': Math.round(of(name, 'sending')),
          ratio: (of(name, 'sending') / of(peer, 'sending')).toFixed(3),
          'whole program/s': Math.round(of(name, 'whole')),
          'peak MB': Math.round(of(name, 'megabytes')),
          wanted,
        },
      ]),
    ),
  );
}

/** @param {string} tool */
function isInstalled(tool) {
  try {
    execFileSync('sh', ['-c', `command -v ${tool}`], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** wrk with one thread repeats the same request and parses no answers. @param {string} tokenUrl */
async function wrk(tokenUrl) {
  const script = join(folder, 'login.lua');
  writeFileSync(
    script,
    'wrk.method = "POST"\nwrk.body = "grant_type=password&client_id=bench&scope=openid&username=a&password=b"\n' +
      'wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"\n',
  );
  const child = spawn('wrk', ['-t1', '-c64', '-d5s', '-s', script, tokenUrl], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (/** @type {string} */ piece) => (text += piece));
  await once(child, 'close');
  const rate = Number(/Requests\/sec:\s+([\d.]+)/.exec(text)?.[1]);
  return { sending: rate, whole: rate, megabytes: 0 };
}

try {
  const near = await startServer(0, 'signed');
  const far = await startServer(100, 'signed');
  await compare(`64 connections, ${devices} devices`, {
    'bare undici loop': { run: () => bare(near, 64) },
    'token --no-verify': {
      run: () => ours(near, devices, ['--no-verify', '--concurrency', '64']),
      wanted: '>= 0.75',
    },
    token: { run: () => ours(near, devices, ['--concurrency', '64']), wanted: '>= 0.4' },
    'newman run': { run: () => plainNewman(near), wanted: '<= 0.01 of token --no-verify' },
    ...(isInstalled('wrk') && { wrk: { run: () => wrk(near) } }),
  });
  await compare(`A server 100 ms away, ${devices} devices`, {
    'bare undici loop, 1,024 connections': { run: () => bare(far, 1024) },
    'token --no-verify, auto': {
      run: () => ours(far, devices, ['--no-verify']),
      wanted: '>= 6,000 logins/s',
    },
  });
  const small = await ours(near, 100_000, ['--no-verify', '--concurrency', '64']);
  const large = await ours(near, 1_000_000, ['--no-verify', '--concurrency', '64']);
  console.log('\nMemory');
  console.table({
    '100,000 devices': { 'peak MB': Math.round(small.megabytes) },
    '1,000,000 devices': { 'peak MB': Math.round(large.megabytes), wanted: '< 250, and not more' },
  });
} finally {
  stopServers();
  rmSync(folder, { recursive: true });
}
