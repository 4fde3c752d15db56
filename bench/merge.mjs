// Compares `report merge` on the journals of a large fleet's shards with JSON.parse alone on the same lines. Whole
// processes. Usage: npm run bench:merge -- [devices, default 1000000]
import { createReadStream } from 'node:fs';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { IdDigest } from '../dist/result/id-digest.js';
import { Journal } from '../dist/journal/journal.js';
import { measure } from './measure.mjs';

const SHARDS = 4;
const self = fileURLToPath(import.meta.url);
const program = fileURLToPath(new URL('../bin/biotz-postman.js', import.meta.url));

const [first = '1000000', ...paths] = process.argv.slice(2);
if (first === 'peer') await parseAlone(paths);
else await compare(Number(first));

/**
 * The lower bound: reads a journal line by line and parses it.
 *
 * @param {readonly string[]} paths
 */
async function parseAlone(paths) {
  let passed = 0;
  for (const path of paths) {
    for await (const line of createInterface(createReadStream(path))) {
      if (JSON.parse(line).status === 'passed') passed++;
    }
  }
  console.log(passed);
}

/** @param {number} devices */
async function compare(devices) {
  const folder = await mkdtemp(join(tmpdir(), 'biotz-postman-bench-'));
  try {
    const journals = await writeJournals(folder, devices);
    const out = join(folder, 'report');
    const merge = (/** @type {string} */ reporters) => {
      return [program, 'report', 'merge', ...journals, '--reporters', reporters, '--report-dir', out];
    };
    const rows = [];
    const candidates = {
      'JSON.parse alone': [self, 'peer', ...journals],
      cli: merge('cli'),
      'cli,json,junit,ndjson': merge('cli,json,junit,ndjson'),
    };
    for (const [name, args] of Object.entries(candidates)) {
      const { seconds, megabytes } = await measure(args);
      rows.push({
        name,
        'devices/s': Math.round(devices / seconds),
        seconds: seconds.toFixed(1),
        'peak MB': Math.round(megabytes),
      });
    }
    console.log(`${devices} devices in ${SHARDS} journals, Node ${process.version}`);
    console.table(rows);
    for (const name of await readdir(out)) {
      const { size } = await stat(join(out, name));
      console.log(`${name}: ${Math.round(size / 1e6)} MB`);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}

/**
 * @param {string} folder
 * @param {number} devices
 */
async function writeJournals(folder, devices) {
  const digests = Array.from({ length: SHARDS }, () => new IdDigest());
  const fleet = new IdDigest();
  for (let index = 0; index < devices; index++) {
    fleet.add(idOf(index));
    digests[index % SHARDS]?.add(idOf(index));
  }
  const digest = fleet.hex();
  const files = [];
  for (const [at, share] of digests.entries()) {
    const file = join(folder, `journal-${at + 1}.ndjson`);
    files.push(file);
    const indexes = Array.from({ length: Math.ceil((devices - at) / SHARDS) }, (_, nth) => nth * SHARDS + at);
    const startedAt = '2026-01-31T12:00:00.000Z';
    const journal = await Journal.create(file, {
      type: 'run',
      version: 1,
      command: 'run',
      startedAt,
      file: 'devices.csv',
      fleet: { read: devices, skipped: 0, devices, order: digest, digest },
      shard: { index: at + 1, count: SHARDS },
      share: { devices: indexes.length, digest: share.hex() },
      collection: digest,
      options: digest,
    });
    for (const index of indexes) journal.append([deviceOf(index)]);
    journal.append([{ type: 'end', endedAt: startedAt, durationMs: 1000, end: 'completed' }]);
    await journal.close();
  }
  return files;
}

/** @param {number} index */
function idOf(index) {
  return `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
}

/** @param {number} index */
function deviceOf(index) {
  return /** @type {const} */ ({
    type: 'device',
    index,
    deviceId: idOf(index),
    name: `pump ${index}`,
    username: `${idOf(index)}@devices.data-ingestion.biotz.io`,
    line: index + 2,
    attempts: 1,
    retried: [],
    durationMs: index % 300,
    requests: [{ name: 'Get token', status: 200, durationMs: index % 300 }],
    status: 'passed',
    flaky: false,
  });
}
