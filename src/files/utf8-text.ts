import { isUtf8 } from 'node:buffer';
import type { TextEncoding } from './content.js';

/** A text turned out to be invalid; its valid lines have already been passed on. */
export class NotText extends Error {
  readonly code: 'file-not-utf8' | 'file-binary';

  constructor(code: NotText['code']) {
    super(code);
    this.code = code;
  }
}

/**
 * Converts a text to checked UTF-8. Nothing is ever replaced: a password with U+FFFD in it would fail at the server for
 * no visible reason.
 *
 * @param chunks the file without its byte order mark
 * @throws NotText at the first line that is invalid in the encoding or holds a NUL, after the lines before it were
 * yielded
 */
export async function* utf8Text(
  chunks: AsyncIterable<Buffer>,
  encoding: TextEncoding,
): AsyncGenerator<Buffer, void> {
  const decoder = encoding === 'utf-8' ? new Utf8Checker() : new Utf16Decoder(encoding === 'utf-16be');
  for await (const chunk of chunks) {
    const { text, broken } = decoder.push(chunk);
    const nul = text.indexOf(0);
    if (nul >= 0) {
      yield text.subarray(0, nul);
      throw new NotText('file-binary');
    }
    yield text;
    if (broken) throw new NotText('file-not-utf8');
  }
  if (decoder.pending) throw new NotText('file-not-utf8');
}

interface Decoded {
  readonly text: Buffer;
  /** Whether the bytes after `text` are invalid. */
  readonly broken: boolean;
}

class Utf8Checker {
  /** Beginning of a character that continues in the next chunk, at most 3 bytes. */
  #cut = Buffer.alloc(0);

  get pending(): boolean {
    return this.#cut.length > 0;
  }

  push(chunk: Buffer): Decoded {
    const bytes = this.pending ? Buffer.concat([this.#cut, chunk]) : chunk;
    const end = bytes.length - cutCharacter(bytes);
    const text = bytes.subarray(0, end);
    this.#cut = Buffer.from(bytes.subarray(end));
    return isUtf8(text) ? { text, broken: false } : { text: goodLines(text), broken: true };
  }
}

/** Number of bytes at the end that begin an unfinished UTF-8 character: 0 to 3. */
function cutCharacter(bytes: Buffer): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte >= 0xc0) return back < (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) ? back : 0;
    if (byte < 0x80) return 0;
  }
  return 0;
}

/** The lines before the first invalid line; the bytes of a line break are never part of another character. */
function goodLines(text: Buffer): Buffer {
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] !== 10 && text[i] !== 13) continue;
    if (!isUtf8(text.subarray(start, i))) break;
    start = i + 1;
  }
  return text.subarray(0, start);
}

class Utf16Decoder {
  readonly #bigEndian: boolean;
  /** Half a code unit, or the first half of a surrogate pair: at most 3 bytes. */
  #cut = Buffer.alloc(0);

  constructor(bigEndian: boolean) {
    this.#bigEndian = bigEndian;
  }

  get pending(): boolean {
    return this.#cut.length > 0;
  }

  push(chunk: Buffer): Decoded {
    const bytes = Buffer.concat([this.#cut, chunk]);
    let end = bytes.length & ~1;
    // The high byte of the last unit tells whether the second half of a pair follows.
    const high = bytes[this.#bigEndian ? end - 2 : end - 1] ?? 0;
    if (high >= 0xd8 && high <= 0xdb) end -= 2;
    this.#cut = Buffer.from(bytes.subarray(end));
    const units = bytes.subarray(0, end);
    const text = (this.#bigEndian ? units.swap16() : units).toString('utf16le');
    const lone = text.search(/\p{Surrogate}/u);
    return { text: Buffer.from(lone < 0 ? text : text.slice(0, lone)), broken: lone >= 0 };
  }
}
