// Compares `check` and `generate` on a large credentials file with csv-parse alone on the same file. Whole processes,
// measured alternately. Usage: npm run bench:read -- [rows, default 1000000] [rounds, default 3]
import { createReadStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'csv-parse';
import { writeCredentials } from './credentials.mjs';
import { measure, median } from './measure.mjs';

const self = fileURLToPath(import.meta.url);
const program = fileURLToPath(new URL('../bin/biotz-postman.js', import.meta.url));

const [first = '1000000', second = '3'] = process.argv.slice(2);
if (first === 'peer') await readAlone(second);
else await compare(Number(first), Number(second));

/**
 * The lower bound: only parses the file.
 *
 * @param {string} path
 */
async function readAlone(path) {
  let rows = 0;
  for await (const _ of createReadStream(path).pipe(parse({ columns: true }))) rows++;
  console.log(rows);
}

/**
 * @param {number} rows
 * @param {number} rounds
 */
async function compare(rows, rounds) {
  const folder = await mkdtemp(join(tmpdir(), 'biotz-postman-bench-'));
  try {
    const path = join(folder, 'devices.csv');
    await writeCredentials(path, rows);
    const generate = (/** @type {string[]} */ ...more) => [
      program,
      'generate',
      path,
      '--out',
      join(folder, 'out'),
      ...more,
    ];
    const candidates = [
      { name: 'csv-parse alone, objects', target: '', args: [self, 'peer', path] },
      { name: 'check', target: '>= 0.70', args: [program, 'check', path] },
      { name: 'generate', target: '>= 0.60', args: generate() },
      {
        name: 'generate, a named device',
        target: '>= 0.60',
        args: generate('--device', `device_${rows - 1}`),
      },
    ];
    const measured = candidates.map(() => ({ seconds: /** @type {number[]} */ ([]), megabytes: 0 }));
    for (let round = 0; round < rounds; round++) {
      for (const [index, { args }] of candidates.entries()) {
        const result = await measure(args);
        const entry = measured[index];
        entry?.seconds.push(result.seconds);
        if (entry) entry.megabytes = Math.max(entry.megabytes, result.megabytes);
        await rm(join(folder, 'out'), { recursive: true, force: true });
      }
    }
    const [base = Number.NaN] = measured.map(({ seconds }) => median(seconds));
    console.log(
      `${rows} rows, ${Math.round((await stat(path)).size / 1e6)} MB, median of ${rounds}, Node ${process.version}`,
    );
    console.table(
      candidates.map(({ name, target }, index) => {
        const { seconds, megabytes } = measured[index] ?? { seconds: [], megabytes: 0 };
        return {
          name,
          'rows/s': Math.round(rows / median(seconds)),
          ratio: (base / median(seconds)).toFixed(2),
          target,
          'peak MB': Math.round(megabytes),
        };
      }),
    );
  } finally {
    await rm(folder, { recursive: true });
  }
}
