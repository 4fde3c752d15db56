import { ReadableStream } from 'node:stream/web';
import { armor, Decrypter } from 'age-encryption';
import type { AgeForm } from '../files/content.js';
import { inMemory, readAtMost, unicodeOf, type Repeatable } from '../files/read-file.js';
import { fileKeyOf, readHeader, type Keys } from './header.js';
import { Undecryptable } from './undecryptable.js';

/** Limit on a file in ASCII armor: the library holds it in memory as a whole, and several times over. */
export const MAX_ARMOR_BYTES = 16 * 2 ** 20;

/** The content of an encrypted file after all of it was verified. */
export interface Decrypted extends Repeatable {
  readonly bytes: number;
}

/**
 * Opens a file that age encrypted. A first pass decrypts it to its end, and no content is returned before: age verifies
 * each part of 64 KiB by itself, but only the last part proves that none is missing.
 *
 * @param encrypted must yield the same bytes in every pass
 * @param form a file in ASCII armor is held in memory
 * @throws {Undecryptable}
 * @see https://github.com/C2SP/C2SP/blob/main/age.md#payload
 */
export async function decrypt(encrypted: Repeatable, form: AgeForm, keys: Keys): Promise<Decrypted> {
  if (form === 're-encoded') throw new Undecryptable('age-re-encoded', {});
  try {
    const binary = form === 'armored' ? inMemory(await dearmor(encrypted.chunks())) : encrypted;
    const fileKey = await fileKeyOf(await readHeader(binary.chunks()), keys);
    let bytes = 0;
    for await (const chunk of contentOf(binary, fileKey)) bytes += chunk.length;
    return { bytes, chunks: () => contentOf(binary, fileKey) };
  } catch (error) {
    const isDamaged = error instanceof Undecryptable && error.code === 'age-damaged';
    throw isDamaged && (await isText(encrypted)) ? new Undecryptable('age-re-encoded', {}) : error;
  }
}

/** @throws {Undecryptable} `age-armor-too-large`, `age-armor-malformed` */
async function dearmor(chunks: AsyncIterable<Buffer>): Promise<Buffer> {
  const bytes = await readAtMost(chunks, MAX_ARMOR_BYTES);
  if (bytes === undefined) throw new Undecryptable('age-armor-too-large', { limit: MAX_ARMOR_BYTES });
  try {
    // The library refuses an empty text, as it refuses every other one without armor.
    return Buffer.from(armor.decode(unicodeOf(bytes) ?? ''));
  } catch {
    throw new Undecryptable('age-armor-malformed', {});
  }
}

/** Whether the file is UTF-8 in which bytes were replaced: PowerShell 7 before 7.4 writes such files. */
async function isText(encrypted: Repeatable): Promise<boolean> {
  for await (const chunk of encrypted.chunks()) {
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(chunk, { stream: true }).includes('\ufffd');
    } catch {
      // Bytes that are not UTF-8 show that the file is still binary.
      return false;
    }
  }
  return false;
}

/** @throws {Undecryptable} `age-damaged`, perhaps after good parts; rethrows errors of the source */
async function* contentOf(binary: Repeatable, fileKey: Uint8Array): AsyncGenerator<Buffer, void> {
  const ending: Ending = { ended: false };
  const decrypter = new Decrypter();
  decrypter.addIdentity({ unwrapFileKey: () => fileKey });
  try {
    const content = await decrypter.decrypt(ReadableStream.from(watched(binary.chunks(), ending)));
    for await (const chunk of content) yield Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
  } catch {
    if (ending.failure !== undefined) throw ending.failure.error;
    // The library's errors are a few words without a code.
    throw new Undecryptable('age-damaged', { part: ending.ended ? 'end' : 'middle' });
  }
}

/** How a source ended. An error that passes through a stream looks like an error of the stream itself. */
interface Ending {
  ended: boolean;
  failure?: { readonly error: unknown };
}

async function* watched(source: AsyncIterable<Buffer>, ending: Ending): AsyncGenerator<Uint8Array, void> {
  try {
    yield* source;
    ending.ended = true;
  } catch (error) {
    ending.failure = { error };
    throw error;
  }
}
