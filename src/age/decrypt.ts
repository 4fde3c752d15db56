import { ReadableStream } from 'node:stream/web';
import { Decrypter } from 'age-encryption';
import type { AgeForm } from '../files/content.js';
import { dearmor } from './armor.js';
import { held, type Repeatable } from './repeatable.js';
import type { Keys } from './header.js';
import { fileKeyOf, readHeader } from './header.js';
import { Undecryptable } from './undecryptable.js';

/** The content of an encrypted file, all of which has been proved. */
export interface Decrypted {
  /** How many bytes it has. */
  readonly bytes: number;
  /** Decrypts it from its start, in parts of up to 64 KiB. */
  chunks(): AsyncGenerator<Buffer, void>;
}

/**
 * Opens a file that age encrypted. It is decrypted once to its end, and none of its content is given out before: age
 * proves each part of 64 KiB by itself, and only the last one that none is missing.
 *
 * @param encrypted has to give the same bytes in every pass
 * @param form in ASCII armour it is held in memory
 * @throws {Undecryptable}
 * @see https://github.com/C2SP/C2SP/blob/main/age.md#payload
 */
export async function decrypt(encrypted: Repeatable, form: AgeForm, keys: Keys): Promise<Decrypted> {
  if (form === 're-encoded') throw new Undecryptable('age-re-encoded', {});
  try {
    return await decryptBinary(
      form === 'armored' ? held(await dearmor(encrypted.chunks())) : encrypted,
      keys,
    );
  } catch (error) {
    const isDamaged = error instanceof Undecryptable && error.code === 'age-damaged';
    throw isDamaged && (await isText(encrypted)) ? new Undecryptable('age-re-encoded', {}) : error;
  }
}

/** Whether no byte is left that is not text, and some were replaced: PowerShell 7 before 7.4 writes UTF-8. */
async function isText(encrypted: Repeatable): Promise<boolean> {
  for await (const chunk of encrypted.chunks()) {
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(chunk, { stream: true }).includes('\ufffd');
    } catch {
      // Real bytes of an encrypted file.
      return false;
    }
  }
  return false;
}

async function decryptBinary(binary: Repeatable, keys: Keys): Promise<Decrypted> {
  const fileKey = await fileKeyOf(await readHeader(binary.chunks()), keys);
  let bytes = 0;
  for await (const chunk of contentOf(binary, fileKey)) bytes += chunk.length;
  return { bytes, chunks: () => contentOf(binary, fileKey) };
}

/** @throws {Undecryptable} `age-damaged`, after parts that were good by themselves; and what the source throws */
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

/** How a source ended: an error that passes through a stream cannot be told from one of the stream's own. */
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
