// How fast a large credentials file is read, beside csv-parse alone on the same file in the same run.
// Usage: npm run build && node bench/read.mjs [rows, default 1000000] [rounds, default 3]
/* oxlint-disable no-console -- a benchmark prints its table */
import { fork } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse';
import { openCredentials } from '../dist/device/credentials-file.js';
import { streamDevices } from '../dist/device/stream-devices.js';
import { validateDevices } from '../dist/device/validate-devices.js';
import { writeCredentials } from './credentials.mjs';

const onDiagnostic = () => {};

/**
 * What is measured, each in its own process: takes the file, gives the number of rows. The first is what
 * the others are compared with. A new one, such as `generate`, is one more entry.
 *
 * @type {Record<string, (path: string) => Promise<number>>}
 */
const candidates = {
  async 'csv-parse, objects'(path) {
    let rows = 0;
    for await (const _ of createReadStream(path).pipe(parse({ columns: true }))) rows++;
    return rows;
  },
  async 'validate (check)'(path) {
    const file = await openCredentials(path);
    const { created } = await validateDevices(file, { onDiagnostic });
    await file.close();
    return created;
  },
  async 'stream devices'(path) {
    const file = await openCredentials(path);
    let rows = 0;
    for await (const batch of streamDevices(file, { onDiagnostic })) rows += batch.length;
    await file.close();
    return rows;
  },
};

const [first = '1000000', second = '3'] = process.argv.slice(2);
if (process.send !== undefined) await measure(first, second);
else await compare(Number(first), Number(second));

/**
 * The child's part.
 *
 * @param {string} name
 * @param {string} path
 */
async function measure(name, path) {
  const started = performance.now();
  const rows = await candidates[name]?.(path);
  const seconds = (performance.now() - started) / 1000;
  process.send?.({ rows, seconds, megabytes: process.resourceUsage().maxRSS / 1024 });
}

/**
 * @param {number} rows
 * @param {number} rounds the best of which counts: a noisy machine only ever makes things slower
 */
async function compare(rows, rounds) {
  const folder = await mkdtemp(join(tmpdir(), 'biotz-bench-'));
  try {
    const path = join(folder, 'devices.csv');
    await writeCredentials(path, rows);
    const { size } = await stat(path);
    console.log(`${rows} rows, ${Math.round(size / 1e6)} MB, best of ${rounds}, Node ${process.version}`);
    const names = Object.keys(candidates);
    /** @type {Map<string, { seconds: number, megabytes: number }>} */
    const best = new Map();
    for (let round = 0; round < rounds; round++) {
      for (const name of names) {
        const result = await inChild(name, path);
        if (result.rows !== rows) throw new Error(`${name} read ${result.rows} rows`);
        const { seconds = Infinity, megabytes = 0 } = best.get(name) ?? {};
        best.set(name, {
          seconds: Math.min(seconds, result.seconds),
          megabytes: Math.max(megabytes, result.megabytes),
        });
      }
    }
    const base = best.get(names[0] ?? '')?.seconds ?? Number.NaN;
    console.table(
      [...best].map(([name, { seconds, megabytes }]) => ({
        name,
        'rows/s': Math.round(rows / seconds),
        ratio: Number((base / seconds).toFixed(2)),
        'peak MB': Math.round(megabytes),
      })),
    );
  } finally {
    await rm(folder, { recursive: true });
  }
}

/**
 * @param {string} name
 * @param {string} path
 * @returns {Promise<{ rows: number, seconds: number, megabytes: number }>}
 */
function inChild(name, path) {
  return new Promise((resolve, reject) => {
    const child = fork(import.meta.filename, [name, path]);
    child.once('message', resolve);
    child.once('exit', (status) => reject(new Error(`${name} ended with status ${status}`)));
  });
}
