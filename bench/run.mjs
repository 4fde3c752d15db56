// Compares `biotz-postman run` with plain `newman run` on the same server, measured alternately, and with its own engine
// without journal and reports. Compares its memory for a small and a large fleet.
//
// node bench/run.mjs [ROUNDS]
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeCredentials } from './credentials.mjs';
import { measure, median } from './measure.mjs';
import { startServer, stopServers } from './token-servers.mjs';

const rounds = Number(process.argv[2] ?? 3);
const here = (/** @type {string} */ name) => fileURLToPath(new URL(name, import.meta.url));
const program = here('../bin/biotz-postman.js');
const newman = createRequire(import.meta.url).resolve('newman/bin/newman.js');
const folder = mkdtempSync(join(tmpdir(), 'biotz-postman-bench-'));

/** @param {number} devices */
async function fileOf(devices) {
  const file = join(folder, `devices-${devices}.csv`);
  await writeCredentials(file, devices);
  return file;
}

/**
 * The arguments of plain `newman run` for a fleet.
 *
 * @param {number} devices
 * @param {string} tokenUrl
 */
async function plainNewman(devices, tokenUrl) {
  const out = join(folder, `generated-${devices}`);
  await measure([program, 'generate', await fileOf(devices), '--out', out, '--token-url', tokenUrl]);
  const collection = join(out, 'biotz.postman_collection.json');
  const environment = join(out, 'biotz.shared.postman_environment.json');
  const data = join(out, 'private/devices.data.json');
  return [newman, 'run', collection, '-e', environment, '-d', data, '--folder', 'Get token'];
}

/**
 * @param {number} devices
 * @param {string} tokenUrl
 */
async function ours(devices, tokenUrl) {
  const reports = ['--reporters', 'cli,json,junit,ndjson', '--report-dir', join(folder, 'report')];
  return [program, 'run', await fileOf(devices), '--token-url', tokenUrl, ...reports];
}

/**
 * Measures programs alternately, so that other load on the machine affects all of them.
 *
 * @param {Record<string, { devices: number, args: string[] }>} programs
 */
async function inTurn(programs) {
  /** @type {Record<string, { rate: number, megabytes: number }[]>} */
  const runs = Object.fromEntries(Object.keys(programs).map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, { devices, args }] of Object.entries(programs)) {
      const { seconds, megabytes } = await measure(args);
      runs[name]?.push({ rate: devices / seconds, megabytes });
    }
  }
  return Object.fromEntries(
    Object.entries(runs).map(([name, list]) => [
      name,
      {
        rate: median(list.map(({ rate }) => rate)),
        megabytes: median(list.map(({ megabytes }) => megabytes)),
      },
    ]),
  );
}

/**
 * @param {string} title
 * @param {string} base the program that the others are compared with
 * @param {Record<string, { rate: number, megabytes: number }>} measured
 * @param {string} wanted
 */
function show(title, base, measured, wanted) {
  console.log(`\n${title}`);
  console.table(
    Object.fromEntries(
      Object.entries(measured).map(([name, { rate, megabytes }]) => [
        name,
        {
          'devices/s': rate.toFixed(1),
          [`/ ${base}`]: (rate / (measured[base]?.rate ?? Number.NaN)).toFixed(2),
          'peak MB': Math.round(megabytes),
          wanted: name === 'run' ? wanted : '',
        },
      ]),
    ),
  );
}

try {
  const near = await startServer(0);
  const far = await startServer(100);
  show(
    'A server at 0 ms',
    'newman run',
    await inTurn({
      'newman run': { devices: 1000, args: await plainNewman(1000, near) },
      run: { devices: 2000, args: await ours(2000, near) },
    }),
    '>= 2.3, < 700 MB',
  );
  show(
    'A server at 100 ms',
    'newman run',
    await inTurn({
      'newman run': { devices: 100, args: await plainNewman(100, far) },
      run: { devices: 2000, args: await ours(2000, far) },
    }),
    '>= 14, < 700 MB',
  );
  const file = await fileOf(2000);
  show(
    'Journal, redaction and reports',
    'the engine alone',
    await inTurn({
      'the engine alone': { devices: 2000, args: [here('run-bare.mjs'), file, near] },
      run: { devices: 2000, args: await ours(2000, near) },
    }),
    '>= 0.95',
  );
  const small = await measure(await ours(2000, near));
  const large = await measure(await ours(20_000, near));
  console.log('\nMemory');
  console.table({
    '2,000 devices': { 'peak MB': Math.round(small.megabytes) },
    '20,000 devices': {
      'peak MB': Math.round(large.megabytes),
      '/ 2,000': (large.megabytes / small.megabytes).toFixed(2),
      wanted: '<= 1.15, < 700 MB',
    },
  });
} finally {
  stopServers();
  rmSync(folder, { recursive: true });
}
