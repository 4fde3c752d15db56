import { open, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { openCredentials } from '../../../src/device/source/open-credentials.js';
import type { DiagnosticCode } from '../../../src/device/diagnostic.js';
import { MAX_HELD_BYTES } from '../../../src/device/source/credentials-file.js';
import { readDevices, streamDevices, validateDevices } from '../../../src/device/read-devices.js';
import { deviceError } from '../../../src/device/errors.js';
import { Secret } from '../../../src/secret/secret.js';
import { armored, encryptedFor, encryptedWith, flipped, newPair, payloadOf } from '../age/encrypted.js';
import { inTemporaryFolder } from '../../support/folder.js';
import { sheetXml, workbook } from './workbook.js';

const { identity, recipient } = await newPair();
const content = 'Created,Device ID,HTTP Username,Password\nYes,d1,d1@h, p1 \nNo,d3,,\nYes,d2,d2@h,é2\n';

async function* stream(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

const reading = (bytes: Uint8Array, name = 'devices.csv.age') =>
  readDevices({ stream: stream(bytes), name }, { identities: [identity] });

/** The codes of the diagnostics with which a file is refused. */
async function codesOf(action: Promise<unknown>): Promise<readonly DiagnosticCode[]> {
  const error = await action.then(() => undefined).catch((error: unknown) => error);
  if (!deviceError.is(error, 'CREDENTIALS_INVALID')) throw error;
  return error.args.diagnostics.map(({ code }) => code);
}

describe('an encrypted file is read as what is in it', () => {
  test.each<[string, string | Buffer]>([
    ['CSV', content],
    ['TSV', content.replaceAll(',', '\t')],
    ['UTF-16', Buffer.from(`\ufeff${content}`, 'utf16le')],
    [
      'a workbook',
      workbook(
        sheetXml(
          content
            .trim()
            .split('\n')
            .map((line) => line.split(',')),
        ),
      ),
    ],
  ])('%s', async (_what, inside) => {
    const file = await encryptedFor([recipient], inside);
    const pasted = Buffer.from(`\ufeff\n  ${armored(file).toString()}\r\n\n`);
    for (const bytes of [file, armored(file), pasted]) {
      const { devices, counts } = await reading(bytes, 'whatever it is called');
      expect(devices.map(({ deviceId, password }) => [deviceId, password.reveal()])).toEqual([
        ['d1', ' p1 '],
        ['d2', 'é2'],
      ]);
      expect(counts).toMatchObject({ read: 3, created: 2, skipped: 1, errors: 0 });
    }
  });

  test('with the identity as a text, a Secret, or in the text of its file; or with a passphrase', async () => {
    await inTemporaryFolder(async (folder) => {
      const path = join(folder, 'devices.csv.age');
      await writeFile(path, await encryptedFor([recipient], content));
      for (const each of [identity, new Secret(identity), `# mine\n${identity}\n`]) {
        expect((await readDevices(path, { identities: [each] })).devices).toHaveLength(2);
      }
      await writeFile(path, await encryptedWith('open', content));
      const passphrase = async () => new Secret('open');
      expect((await readDevices(path, { passphrase })).devices).toHaveLength(2);
    });
  });

  test('and what is wrong with that is told with its lines', async () => {
    const bad = await encryptedFor([recipient], content.replaceAll('d2', 'd1'));
    expect(await codesOf(reading(bad))).toEqual(['value-padded', 'device-duplicated']);
  });

  test('but not what was encrypted twice', async () => {
    const twice = await encryptedFor([recipient], await encryptedFor([recipient], content));
    expect(await codesOf(reading(twice))).toEqual(['file-binary']);
  });
});

describe('an encrypted file that cannot be read to its end has that one error, whatever its rows are', () => {
  const rows = Array.from({ length: 20_000 }, (_, n) => `Yes,same,same@h,[Password],${n}\n`).join('');
  const made = encryptedFor([recipient], `Created,Device ID,HTTP Username,Password\n${rows}`);

  test.each<[string, (file: Buffer) => Buffer, DiagnosticCode]>([
    ['cut', (file) => file.subarray(0, -1), 'age-damaged'],
    ['altered', (file) => flipped(file, payloadOf(file) + 1000), 'age-damaged'],
    ['cut armour', (file) => armored(file).subarray(0, -100), 'age-armor-malformed'],
  ])('%s', async (_what, damage, code) => {
    expect(await codesOf(reading(damage(await made)))).toEqual([code]);
  });

  test('no identity, another one, and an invalid one', async () => {
    const name = 'devices.csv.age';
    const source = async () => ({ stream: stream(await made), name });
    expect(await codesOf(readDevices(await source()))).toEqual(['age-key-missing']);
    const other = { identities: [(await newPair()).identity] };
    expect(await codesOf(readDevices(await source(), other))).toEqual(['age-key-wrong']);
    await expect(readDevices(await source(), { identities: [identity, recipient] })).rejects.toMatchObject({
      code: 'IDENTITY_INVALID',
      args: { from: 'identities[1]', line: 1, problem: 'recipient' },
    });
  });

  test('more on standard input than is held', async () => {
    const large = Buffer.concat([await made, Buffer.alloc(MAX_HELD_BYTES)]);
    expect(await codesOf(reading(large))).toEqual(['file-too-large']);
  });
});

describe('every pass reads the same, or none of it', () => {
  /** Changes bytes of a file in their place, and nothing by which that could be noticed from outside. */
  async function rewrite(path: string, at: number, text: string): Promise<void> {
    const { atime, mtime } = await stat(path);
    const handle = await open(path, 'r+');
    await handle.write(text, at);
    await handle.close();
    await utimes(path, atime, mtime);
  }

  test.each([false, true])('although its size and time are the same; encrypted: %j', async (isEncrypted) => {
    await inTemporaryFolder(async (folder) => {
      const path = join(folder, 'devices.csv');
      const rows = Array.from({ length: 10_000 }, (_, n) => `Yes,d${n},d${n}@h,p${n}\n`).join('');
      const text = `Created,Device ID,HTTP Username,Password\n${rows}`;
      await writeFile(path, isEncrypted ? await encryptedFor([recipient], text) : text);
      // Whole milliseconds can be set again as they were.
      const now = new Date(Date.now() - 60_000);
      await utimes(path, now, now);
      const file = await openCredentials(path, { identities: [identity] });
      expect((await validateDevices(file)).created).toBe(10_000);
      await rewrite(path, 100_000, 'XYZ');
      const given: string[] = [];
      const again = async () => {
        for await (const batch of streamDevices(file)) given.push(...batch.map(({ deviceId }) => deviceId));
      };
      await expect(again()).rejects.toMatchObject({ code: 'CREDENTIALS_CHANGED', args: { file: path } });
      await file.close();
      // Only what lies before the chunk that was changed.
      expect(given.length).toBeLessThan(6000);
      expect(given).toEqual(Array.from(given, (_, n) => `d${n}`));
    });
  });
});
