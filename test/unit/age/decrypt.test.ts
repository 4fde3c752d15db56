import { describe, expect, test } from '@jest/globals';
import { generateHybridIdentity, identityToRecipient, type Stanza } from 'age-encryption';
import { encrypt } from '../../../src/age/encrypt.js';
import { decrypt, MAX_ARMOR_BYTES } from '../../../src/age/decrypt.js';
import type { Keys } from '../../../src/age/header.js';
import { recogniseContent, type AgeForm } from '../../../src/files/content.js';
import { inMemory } from '../../../src/files/read-file.js';
import { Undecryptable } from '../../../src/age/undecryptable.js';
import {
  armored,
  ENCRYPTED_PART,
  encryptedFor,
  encryptedWith,
  flipped,
  newPair,
  PART,
  payloadOf,
  secrets,
} from './encrypted.js';

const pair = await newPair();
const noPassphrase: Keys['passphrase'] = async () => undefined;
const keys: Keys = { identities: secrets(pair.identity), passphrase: noPassphrase };

/** A content that tells its places apart. */
const content = (bytes: number) =>
  Buffer.from(Array.from({ length: bytes }, (_, at) => (at * 31 + (at >> 8)) & 255));

async function read(file: Buffer, given: Keys = keys, form: AgeForm = 'binary'): Promise<Buffer> {
  const decrypted = await decrypt(inMemory(file), form, given);
  const parts: Buffer[] = [];
  for await (const part of decrypted.chunks()) parts.push(part);
  return Buffer.concat(parts);
}

/** The error of a file that must not be readable. */
async function problem(file: Buffer, given: Keys = keys, form: AgeForm = 'binary'): Promise<object> {
  try {
    await decrypt(inMemory(file), form, given);
  } catch (error) {
    if (error instanceof Undecryptable) return { code: error.code, ...error.args };
    throw error;
  }
  throw new Error('it was decrypted');
}

describe('a file that age encrypted is read', () => {
  test.each([0, 1, PART - 1, PART, PART + 1, 3 * PART, 3 * PART + 7])('%d bytes', async (bytes) => {
    const given = content(bytes);
    const file = await encryptedFor([pair.recipient], given);
    expect((await read(file)).equals(given)).toBe(true);
    expect((await read(armored(file), keys, 'armored')).equals(given)).toBe(true);
  });

  test.each(['utf-16le', 'utf-8'])('in armor, as PowerShell redirects it in %s', async (encoding) => {
    const text = `\ufeff${armored(await encryptedFor([pair.recipient], 'given')).toString()}`;
    const file = Buffer.from(text.replaceAll('\n', '\r\n'), encoding === 'utf-8' ? 'utf8' : 'utf16le');
    expect(recogniseContent(file)).toEqual({ kind: 'age', form: 'armored' });
    expect((await read(file, keys, 'armored')).toString()).toBe('given');
  });

  test('any number of times, the same each time', async () => {
    const given = content(2 * PART);
    const decrypted = await decrypt(inMemory(await encryptedFor([pair.recipient], given)), 'binary', keys);
    expect(decrypted.bytes).toBe(given.length);
    for (let pass = 0; pass < 2; pass++) {
      const parts: Buffer[] = [];
      for await (const part of decrypted.chunks()) parts.push(part);
      expect(Buffer.concat(parts).equals(given)).toBe(true);
    }
  });

  test('for any of several recipients, by any of several identities', async () => {
    const other = await newPair();
    const file = await encryptedFor([other.recipient, pair.recipient], 'for both');
    const mine: Keys = { ...keys, identities: secrets((await newPair()).identity, pair.identity) };
    expect((await read(file, mine)).toString()).toBe('for both');
  });

  test('for a post-quantum recipient', async () => {
    const identity = await generateHybridIdentity();
    const file = await encryptedFor([await identityToRecipient(identity)], 'later');
    expect((await read(file, { ...keys, identities: secrets(identity) })).toString()).toBe('later');
  });

  test('with a passphrase, which is requested once for all passes', async () => {
    let asked = 0;
    const passphrase: Keys['passphrase'] = async () => {
      asked++;
      return secrets('correct horse')[0];
    };
    const file = await encryptedWith('correct horse', 'battery');
    expect((await read(file, { ...keys, passphrase })).toString()).toBe('battery');
    expect(asked).toBe(1);
  });

  test('after our own encryption', async () => {
    const given = content(PART + 5);
    const pieces: Uint8Array[] = [];
    for await (const piece of encrypt(inMemory(given).chunks(), { recipients: [pair.recipient] }))
      pieces.push(piece);
    expect((await read(Buffer.concat(pieces))).equals(given)).toBe(true);
  });
});

describe('a file that was cut or altered yields no content', () => {
  const made = encryptedFor([pair.recipient], content(3 * PART + 100));

  test.each<[string, (file: Buffer, payload: number) => number, string]>([
    ['in its first line', () => 10, 'header'],
    ['after its first line', () => 'age-encryption.org/v1\n'.length, 'header'],
    ['in its header', (_, payload) => payload - 60, 'header'],
    ['in the nonce', (_, payload) => payload - 3, 'end'],
    ['before its first part', (_, payload) => payload, 'end'],
    ['in its first part', (_, payload) => payload + 1000, 'end'],
    ['in the seal of its first part', (_, payload) => payload + ENCRYPTED_PART - 1, 'end'],
    ['behind its first part', (_, payload) => payload + ENCRYPTED_PART, 'end'],
    ['a byte behind a part', (_, payload) => payload + 2 * ENCRYPTED_PART + 1, 'end'],
    ['before its last part', (_, payload) => payload + 3 * ENCRYPTED_PART, 'end'],
    ['a byte before its end', (file) => file.length - 1, 'end'],
  ])('cut %s', async (_where, end, part) => {
    const file = await made;
    expect(await problem(file.subarray(0, end(file, payloadOf(file))))).toEqual({
      code: 'age-damaged',
      part,
    });
  });

  test.each<[string, (file: Buffer, payload: number) => number, object]>([
    ['its version', () => 'age-encryption.org/v'.length, { code: 'age-damaged', part: 'header' }],
    ['the MAC of its header', (_, payload) => payload - 20, { code: 'age-damaged', part: 'header' }],
    ['the nonce', (_, payload) => payload - 1, { code: 'age-damaged', part: 'middle' }],
    ['the first byte', (_, payload) => payload, { code: 'age-damaged', part: 'middle' }],
    ['the last byte', (file) => file.length - 1, { code: 'age-damaged', part: 'end' }],
  ])('altered in %s', async (_where, at, expected) => {
    const parts = 12;
    const file = await encryptedFor([pair.recipient], content(parts * PART));
    expect(await problem(flipped(file, at(file, payloadOf(file))))).toEqual(expected);
  });

  test('altered in the part for this recipient, it is for another one', async () => {
    const file = await made;
    const body = file.indexOf('\n', file.indexOf('-> X25519')) + 5;
    const altered = Buffer.from(file);
    altered[body] = altered[body] === 0x41 ? 0x42 : 0x41;
    expect(await problem(altered)).toMatchObject({ code: 'age-key-wrong' });
  });

  test('two parts in each other’s place', async () => {
    const file = await made;
    const at = payloadOf(file);
    const swapped = Buffer.concat([
      file.subarray(0, at),
      file.subarray(at + ENCRYPTED_PART, at + 2 * ENCRYPTED_PART),
      file.subarray(at, at + ENCRYPTED_PART),
      file.subarray(at + 2 * ENCRYPTED_PART),
    ]);
    expect(await problem(swapped)).toMatchObject({ code: 'age-damaged' });
  });

  test.each([1, 16, 1000, 2 * ENCRYPTED_PART])('%d bytes more than it had', async (more) => {
    expect(await problem(Buffer.concat([await made, Buffer.alloc(more, 'x')]))).toMatchObject({
      code: 'age-damaged',
    });
  });

  test('a header without an end is given up', async () => {
    const endless = Buffer.from(`age-encryption.org/v1\n${'-> X25519 AAAA\nAAAA\n'.repeat(80_000)}`);
    expect(await problem(endless)).toEqual({ code: 'age-damaged', part: 'header' });
  });
});

describe('what does not open a file', () => {
  test('no identity', async () => {
    const file = await encryptedFor([pair.recipient], 'x');
    expect(await problem(file, { ...keys, identities: [] })).toEqual({
      code: 'age-key-missing',
      needs: 'identity',
    });
  });

  test('the identity of another person; the error says how many recipients it has', async () => {
    const file = await encryptedFor([(await newPair()).recipient, (await newPair()).recipient], 'x');
    expect(await problem(file)).toEqual({ code: 'age-key-wrong', given: 'identity', recipients: 2 });
  });

  test('no passphrase, or another one', async () => {
    const file = await encryptedWith('right', 'x');
    expect(await problem(file)).toEqual({ code: 'age-key-missing', needs: 'passphrase' });
    const passphrase: Keys['passphrase'] = async () => secrets('wrong')[0];
    expect(await problem(file, { ...keys, passphrase })).toEqual({
      code: 'age-key-wrong',
      given: 'passphrase',
      recipients: 1,
    });
  });

  test('a passphrase whose trial would take more memory than is given for it', async () => {
    const text = (await encryptedWith('right', 'x')).toString('latin1');
    const hostile = Buffer.from(text.replace(/^(-> scrypt \S+) 10$/m, '$1 30'), 'latin1');
    const passphrase: Keys['passphrase'] = () => Promise.reject(new Error('no passphrase is needed'));
    expect(await problem(hostile, { ...keys, passphrase })).toEqual({
      code: 'age-work-factor-too-high',
      limit: 20,
    });
  });

  test('a file whose recipients are all of unsupported kinds', async () => {
    const ssh = { wrapFileKey: (): Stanza[] => [stanza('ssh-ed25519', 'AAAA'), stanza('x-grease', 'AAAA')] };
    const { Encrypter } = await import('age-encryption');
    const encrypter = new Encrypter();
    encrypter.addRecipient(ssh);
    const file = Buffer.from(await encrypter.encrypt('x'));
    expect(await problem(file)).toEqual({ code: 'age-recipients-unsupported', kinds: ['ssh-ed25519'] });
  });
});

const stanza = (...args: string[]): Stanza => ({ args, body: new Uint8Array(32) });

describe('armour', () => {
  test.each<[string, (text: string) => string]>([
    ['cut in the middle', (text) => text.slice(0, 200)],
    ['without its last line', (text) => text.slice(0, text.lastIndexOf('-----END'))],
    ['with a character that does not belong there', (text) => text.replace(/\n(\S{5})/, '\n$1*')],
    ['with another armour behind it', (text) => text + text],
  ])('%s is told', async (_what, change) => {
    const text = armored(await encryptedFor([pair.recipient], content(1000))).toString();
    expect(await problem(Buffer.from(change(text)), keys, 'armored')).toEqual({
      code: 'age-armor-malformed',
    });
  });

  test('with a bit changed in what it holds is told', async () => {
    const file = await encryptedFor([pair.recipient], content(1000));
    expect(await problem(armored(flipped(file, file.length - 1)), keys, 'armored')).toEqual({
      code: 'age-damaged',
      part: 'end',
    });
  });

  test('is read only up to the limit', async () => {
    let given = 0;
    const endless = {
      async *chunks(): AsyncGenerator<Buffer, void> {
        for (const line = Buffer.alloc(2 ** 20, 'A'); ; given += line.length) yield line;
      },
    };
    await expect(decrypt(endless, 'armored', keys)).rejects.toMatchObject({
      code: 'age-armor-too-large',
      args: { limit: MAX_ARMOR_BYTES },
    });
    expect(given).toBe(MAX_ARMOR_BYTES);
  });
});

test('what goes wrong at the source is told as it is', async () => {
  const file = await encryptedFor([pair.recipient], content(3 * PART));
  const failure = new Error('the disk');
  const source = {
    async *chunks(): AsyncGenerator<Buffer, void> {
      yield file.subarray(0, PART);
      throw failure;
    },
  };
  await expect(decrypt(source, 'binary', keys)).rejects.toBe(failure);
});

/** What a program makes of bytes that it takes for text, and writes as text again. */
const asText = (file: Buffer) => file.toString('utf8');

test.each<[string, (file: Buffer) => Buffer]>([
  [
    'Windows PowerShell 5',
    (file) => Buffer.from(`\ufeff${asText(file).replaceAll('\n', '\r\n')}`, 'utf16le'),
  ],
  ['PowerShell 5, without a mark', (file) => Buffer.from(asText(file).replaceAll('\n', '\r\n'), 'utf16le')],
  ['PowerShell 7 on Windows', (file) => Buffer.from(asText(file).replaceAll('\n', '\r\n'))],
  ['PowerShell 7 elsewhere', (file) => Buffer.from(asText(file))],
  ['a program that takes it for Latin-1', (file) => Buffer.from(`\ufeff${file.toString('latin1')}`)],
])('a binary file that went through the redirection of %s is named as such', async (_, redirect) => {
  const file = redirect(await encryptedFor([pair.recipient], content(PART)));
  const recognised = recogniseContent(file.subarray(0, 4096));
  if (recognised.kind !== 'age') throw new Error('it is not recognised');
  expect(await problem(file, keys, recognised.form)).toEqual({ code: 'age-re-encoded' });
});
