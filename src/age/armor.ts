import { armor } from 'age-encryption';
import { unicodeOf } from '../files/decode-text.js';
import { Undecryptable } from './undecryptable.js';

/** The library holds armour whole, and several times over. */
export const MAX_ARMOR_BYTES = 16 * 2 ** 20;

/**
 * The binary form of a file in ASCII armour.
 *
 * @throws {Undecryptable} `age-armor-too-large`, `age-armor-malformed`
 */
export async function dearmor(chunks: AsyncIterable<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > MAX_ARMOR_BYTES) throw new Undecryptable('age-armor-too-large', { limit: MAX_ARMOR_BYTES });
    parts.push(chunk);
  }
  try {
    // Without a text of a known encoding, the library finds none of its lines.
    return Buffer.from(armor.decode(unicodeOf(Buffer.concat(parts)) ?? ''));
  } catch {
    throw new Undecryptable('age-armor-malformed', {});
  }
}

/** A file in ASCII armour, or `undefined` where that would be larger than what is read again. */
export async function enarmor(file: AsyncIterable<Uint8Array>): Promise<string | undefined> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of file) {
    bytes += piece.length;
    // Four characters for three bytes, and line breaks.
    if ((bytes * 4) / 3 > MAX_ARMOR_BYTES) return undefined;
    pieces.push(piece);
  }
  const text = armor.encode(Buffer.concat(pieces));
  return text.length > MAX_ARMOR_BYTES ? undefined : text;
}
