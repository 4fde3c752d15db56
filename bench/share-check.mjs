// Compares `share check` on a report of 100 MB and the passwords of 1,000 devices with `grep -F -f` and the same
// passwords, measured alternately. Compares its memory with that for a tenth of the report.
import { spawnSync } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { measure, median } from './measure.mjs';

const rounds = Number(process.argv[2] ?? 5);
const megabytes = Number(process.argv[3] ?? 100);
const devices = 1000;
const program = fileURLToPath(new URL('../bin/biotz-postman.js', import.meta.url));

/** @param {string} text the same text gives the same digits, which look random */
const digits = (text) => createHash('sha256').update(text).digest();

/** @type {Record<string, (n: number) => string>} */
const alphabets = {
  'letters and digits': (n) => digits(`password ${n}`).toString('hex').slice(0, 24),
  'with signs': (n) =>
    digits(`password ${n}`)
      .toString('latin1')
      .replace(/[^!-~]/g, (c) => String.fromCharCode(33 + (c.charCodeAt(0) % 94)))
      .slice(0, 24),
};

/** @param {number} n */
const id = (n) =>
  digits(`device ${n}`)
    .toString('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*/, '$1-$2-$3-$4-$5');

/** A line of a journal of `run`. @param {number} n */
const journalLine = (n) =>
  `${JSON.stringify({
    type: 'device',
    index: n,
    deviceId: id(n),
    name: `device_${n}`,
    username: `${id(n)}@devices.data-ingestion.biotz.io`,
    status: 'passed',
    durationMs: 100 + (n % 50),
    requests: [
      { name: 'Get token', status: 200, durationMs: 80 },
      { name: 'Publish data', status: 200, durationMs: 20 },
    ],
  })}\n`;

/** An execution in Newman's JSON report: a request with its headers, and the answer as bytes. @param {number} n */
const execution = (n) =>
  `${n === 0 ? '{"run":{"executions":[' : ','}${JSON.stringify(
    {
      cursor: { iteration: n, httpRequestId: id(n) },
      item: { id: id(n), name: 'Publish data' },
      request: {
        method: 'POST',
        header: [
          { key: 'Content-Type', value: 'application/json' },
          { key: 'Authorization', value: 'Bearer {{id_token}}' },
        ],
        body: { mode: 'raw', raw: '{"temp":25.6}' },
      },
      response: {
        status: 'OK',
        code: 200,
        header: [{ key: 'Date', value: 'Tue, 24 Nov 2026 08:00:00 GMT' }],
        stream: { type: 'Buffer', data: [...Buffer.from(`{"success?":true,"details":{"id":"${id(n)}"}}`)] },
      },
    },
    null,
    2,
  )}`;

/**
 * @param {string} file
 * @param {(n: number) => string} piece
 * @param {number} bytes
 * @param {string} end
 */
async function write(file, piece, bytes, end = '') {
  const out = createWriteStream(file);
  for (let written = 0, n = 0; written < bytes; n++) {
    const text = piece(n);
    written += text.length;
    if (!out.write(text)) await once(out, 'drain');
  }
  out.end(end);
  await once(out, 'close');
}

const folder = await mkdtemp(join(tmpdir(), 'biotz-postman-bench-'));
try {
  /** @type {Record<string, object>} */
  const table = {};
  const journal = join(folder, 'journal.ndjson');
  const report = join(folder, 'newman.json');
  const tenth = join(folder, 'tenth.ndjson');
  await write(journal, journalLine, megabytes * 1e6);
  await write(tenth, journalLine, megabytes * 1e5);
  await write(report, execution, megabytes * 1e6, ']}}\n');
  for (const [kind, passwordOf] of Object.entries(alphabets)) {
    const passwords = Array.from({ length: devices }, (_, n) => passwordOf(n));
    const patterns = join(folder, 'passwords.txt');
    const credentials = join(folder, 'devices.csv');
    await writeFile(patterns, `${passwords.join('\n')}\n`);
    const rows = passwords.map(
      (password, n) => `Yes,device_${n},${id(n)},${id(n)}@x,"${password.replaceAll('"', '""')}"\n`,
    );
    await writeFile(credentials, `Created,Name,Device ID,HTTP Username,Password\n${rows.join('')}`, {
      mode: 0o600,
    });
    for (const [name, file] of Object.entries({ journal, 'Newman report': report })) {
      /** @type {number[]} */
      const ours = [];
      /** @type {number[]} */
      const peer = [];
      /** @type {number[]} */
      const memory = [];
      /** @type {number[]} */
      const memoryOfTenth = [];
      // Alternately, so that a change of the machine's speed affects both.
      for (let round = 0; round < rounds; round++) {
        const startedAt = performance.now();
        const { status } = spawnSync('grep', ['-F', '-c', '-f', patterns, file], { stdio: 'ignore' });
        if (status !== 1) throw new Error(`grep ended with ${status}`);
        peer.push((performance.now() - startedAt) / 1000);
        const args = [program, 'share', 'check', '--devices', credentials];
        const measured = await measure([...args, file]);
        ours.push(measured.seconds);
        memory.push(measured.megabytes);
        memoryOfTenth.push((await measure([...args, tenth])).megabytes);
      }
      table[`${name}, ${kind}`] = {
        'grep -F -f s': median(peer).toFixed(2),
        'share check s': median(ours).toFixed(2),
        ratio: (median(ours) / median(peer)).toFixed(2),
        target: '<= 3',
        'MB/s': Math.round(megabytes / median(ours)),
        MB: Math.round(median(memory)),
        'MB for a tenth': Math.round(median(memoryOfTenth)),
      };
    }
  }
  console.table(table);
} finally {
  await rm(folder, { recursive: true, force: true });
}
