import { isUtf8 } from 'node:buffer';
import type { FileHandle } from 'node:fs/promises';
import { parseJson } from '../text/json.js';
import { encodingOf, recogniseContent } from './content.js';
import type { FileProblem } from './file-problem.js';
import { openInput, refusal, type InputOptions } from './open-input.js';

/** Size of one read; age encrypts in parts of the same size. */
export const CHUNK_BYTES = 64 * 1024;

const HEAD_BYTES = 4096;

/** Bytes that can be read from their start any number of times, with the same result each time. */
export interface Repeatable {
  /** Yields parts; a part may be overwritten when the next one is requested. */
  chunks(): AsyncGenerator<Buffer, void>;
}

/** A file, or another source of bytes with a name for messages. */
export interface NamedContent extends Repeatable {
  readonly name: string;
}

/** A {@link Repeatable} of bytes in memory. */
export function inMemory(content: Buffer): Repeatable {
  return {
    async *chunks() {
      for (let at = 0; at < content.length; at += CHUNK_BYTES) yield content.subarray(at, at + CHUNK_BYTES);
    },
  };
}

/** Reads an open file from its current position to its end; each part overwrites the one before it. */
export async function* chunksOf(
  handle: FileHandle,
  chunk: Buffer = Buffer.allocUnsafeSlow(CHUNK_BYTES),
): AsyncGenerator<Buffer, void> {
  for (;;) {
    const { bytesRead } = await handle.read(chunk, 0, chunk.length, null);
    if (bytesRead === 0) return;
    yield chunk.subarray(0, bytesRead);
  }
}

/** Gathers parts in memory; `undefined` if they are larger than the limit. */
export async function readAtMost(
  chunks: AsyncIterable<Uint8Array>,
  mostBytes: number,
): Promise<Buffer | undefined> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    length += chunk.length;
    if (length > mostBytes) return undefined;
    // A copy: the source may overwrite the part.
    parts.push(Buffer.from(chunk));
  }
  return Buffer.concat(parts, length);
}

export interface ReadOptions extends InputOptions {
  /** A larger file is refused: it is the wrong file, or has no end. */
  readonly mostBytes: number;
}

interface Refused {
  readonly problem: FileProblem;
}

/** Reads a file that the user named, up to a limit. Every failure is a named problem in the result. */
export async function readBytes(
  path: string,
  options: ReadOptions,
): Promise<{ readonly bytes: Buffer } | Refused> {
  const tooLarge = { problem: { code: 'too-large', mostBytes: options.mostBytes } } as const;
  return withInput(path, options, async (handle, size) => {
    // A pipe has no size, and a file may grow: the limit is checked again while reading.
    if (size > options.mostBytes) return tooLarge;
    const bytes = await readAtMost(chunksOf(handle), options.mostBytes);
    return bytes === undefined ? tooLarge : { bytes };
  });
}

/** Reads the first bytes of a regular file, enough to recognise its content. */
export function readHead(path: string): Promise<{ readonly bytes: Buffer } | Refused> {
  return withInput(path, { pipes: false }, async (handle) => {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return { bytes: buffer.subarray(0, bytesRead) };
  });
}

async function withInput<T>(
  path: string,
  options: InputOptions,
  read: (handle: FileHandle, size: bigint) => Promise<T>,
): Promise<T | Refused> {
  const opened = await openInput(path, options);
  if ('problem' in opened) return opened;
  try {
    return await read(opened.handle, opened.stats.size);
  } catch (error) {
    return { problem: refusal(error) };
  } finally {
    await opened.handle.close();
  }
}

/** Reads a text in UTF-8, or in UTF-16 as Windows writes it, without its byte order marks. */
export async function readText(
  path: string,
  options: ReadOptions,
): Promise<{ readonly text: string } | Refused> {
  const read = await readBytes(path, options);
  return 'problem' in read ? read : decodeText(read.bytes);
}

/** Reads JSON. The parser's own message is dropped: it quotes the text, and so maybe a secret. */
export async function readJson(
  path: string,
  options: ReadOptions,
): Promise<{ readonly value: unknown } | Refused> {
  const read = await readText(path, options);
  return 'problem' in read ? read : parseJson(read.text);
}

/**
 * Decodes a text, without its byte order marks. Nothing is ever replaced: bytes that are invalid in their encoding, such
 * as Windows-1252, are refused.
 */
export function decodeText(bytes: Buffer): { readonly text: string } | Refused {
  const content = recogniseContent(bytes.subarray(0, HEAD_BYTES));
  if (content.kind !== 'text') {
    return { problem: { code: 'no-text', kind: content.kind === 'binary' ? content.binary : content.kind } };
  }
  const text = unicodeOf(bytes);
  if (text === undefined) return { problem: { code: 'no-unicode' } };
  return text.includes('\0') ? { problem: { code: 'no-text', kind: 'unknown' } } : { text };
}

/** Decodes a text without checking what it is; `undefined` if it is invalid in its encoding. */
export function unicodeOf(bytes: Buffer): string | undefined {
  const { encoding, bomBytes } = encodingOf(bytes.subarray(0, HEAD_BYTES));
  const rest = bytes.subarray(bomBytes);
  if (encoding === 'utf-8') return isUtf8(rest) ? rest.toString() : undefined;
  try {
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(rest);
  } catch {
    return undefined;
  }
}
