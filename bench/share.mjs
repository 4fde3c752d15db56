// Compares `check` on a large encrypted credentials file with `check` on the plain file plus decryption by the library
// alone. Whole processes, measured alternately. Measures `share`, which encrypts the file, as well.
// Usage: npm run bench:share -- [rows, default 1000000] [rounds, default 3]
import { createReadStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { Decrypter, generateX25519Identity, identityToRecipient } from 'age-encryption';
import { writeCredentials } from './credentials.mjs';
import { measure, median } from './measure.mjs';

const self = fileURLToPath(import.meta.url);
const program = fileURLToPath(new URL('../bin/biotz-postman.js', import.meta.url));

const [first = '1000000', second = '3'] = process.argv.slice(2);
if (first === 'peer') await decryptAlone(second);
else await compare(Number(first), Number(second));

/**
 * Decryption by the library alone.
 *
 * @param {string} path
 */
async function decryptAlone(path) {
  const decrypter = new Decrypter();
  decrypter.addIdentity(process.env['BIOTZ_AGE_IDENTITY'] ?? '');
  let bytes = 0;
  for await (const part of await decrypter.decrypt(Readable.toWeb(createReadStream(path))))
    bytes += part.length;
  console.log(bytes);
}

/**
 * @param {number} rows
 * @param {number} rounds
 */
async function compare(rows, rounds) {
  const folder = await mkdtemp(join(tmpdir(), 'biotz-postman-bench-'));
  try {
    const plain = join(folder, 'devices.csv');
    const encrypted = `${plain}.age`;
    await writeCredentials(plain, rows);
    const identity = await generateX25519Identity();
    const env = { BIOTZ_AGE_IDENTITY: identity };
    const shareArgs = [program, 'share', plain, '--to', await identityToRecipient(identity), '--force'];
    const candidates = [
      { name: 'share', args: shareArgs },
      { name: 'check, plain', args: [program, 'check', plain] },
      { name: 'age-encryption alone', args: [self, 'peer', encrypted] },
      { name: 'check, encrypted', args: [program, 'check', encrypted] },
    ];
    const measured = candidates.map(() => ({ seconds: /** @type {number[]} */ ([]), megabytes: 0 }));
    for (let round = 0; round < rounds; round++) {
      for (const [index, { args }] of candidates.entries()) {
        const result = await measure(args, { env });
        const entry = measured[index];
        entry?.seconds.push(result.seconds);
        if (entry) entry.megabytes = Math.max(entry.megabytes, result.megabytes);
      }
    }
    const [, check = Number.NaN, library = Number.NaN, whole = Number.NaN] = measured.map(({ seconds }) =>
      median(seconds),
    );
    console.log(
      `${rows} rows, ${Math.round((await stat(plain)).size / 1e6)} MB, median of ${rounds}, Node ${process.version}`,
    );
    console.table(
      candidates.map(({ name }, index) => {
        const { seconds, megabytes } = measured[index] ?? { seconds: [], megabytes: 0 };
        return { name, seconds: median(seconds).toFixed(2), 'peak MB': Math.round(megabytes) };
      }),
    );
    const ratio = (whole / (check + library)).toFixed(2);
    const peak = Math.round(measured.at(-1)?.megabytes ?? 0);
    console.log(`check, encrypted: ${ratio} times (check, plain + age-encryption alone), wanted <= 1.50`);
    console.log(`check, encrypted: ${peak} MB, wanted < 250`);
  } finally {
    await rm(folder, { recursive: true });
  }
}
