import type { FileHandle } from 'node:fs/promises';
import { parseJson } from '../text/json.js';
import { decodeText } from './decode-text.js';
import type { FileProblem } from './file-problem.js';
import { openInput, refusal, type InputOptions } from './open-input.js';

const PIECE_BYTES = 64 * 1024;

const HEAD_BYTES = 4096;

export interface ReadOptions extends InputOptions {
  /** A larger file is refused: it is the wrong one, or has no end. */
  readonly mostBytes: number;
}

interface Refused {
  readonly problem: FileProblem;
}

/** Reads a file that the user named, up to a bound. Every way of failing is named in the result. */
export async function readBytes(
  path: string,
  options: ReadOptions,
): Promise<{ readonly bytes: Buffer } | Refused> {
  const opened = await openInput(path, options);
  if ('problem' in opened) return opened;
  const { handle, stats } = opened;
  const tooLarge = { problem: { code: 'too-large', mostBytes: options.mostBytes } } as const;
  try {
    if (stats.size > options.mostBytes) return tooLarge;
    const bytes = await readAtMost(handle, options.mostBytes);
    return bytes === undefined ? tooLarge : { bytes };
  } catch (error) {
    return { problem: refusal(error) };
  } finally {
    await handle.close();
  }
}

/** The first bytes of a regular file, enough to recognise its content. */
export async function readHead(path: string): Promise<{ readonly bytes: Buffer } | Refused> {
  const opened = await openInput(path, { pipes: false });
  if ('problem' in opened) return opened;
  const { handle } = opened;
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return { bytes: buffer.subarray(0, bytesRead) };
  } catch (error) {
    return { problem: refusal(error) };
  } finally {
    await handle.close();
  }
}

/** Reads a text: UTF-8, or UTF-16 as Windows writes it, without its byte order marks. */
export async function readText(
  path: string,
  options: ReadOptions,
): Promise<{ readonly text: string } | Refused> {
  const read = await readBytes(path, options);
  return 'problem' in read ? read : decodeText(read.bytes);
}

/** Reads a JSON text. The parser's own message is not passed on: it quotes the text, and with it a secret. */
export async function readJson(
  path: string,
  options: ReadOptions,
): Promise<{ readonly value: unknown } | Refused> {
  const read = await readText(path, options);
  return 'problem' in read ? read : parseJson(read.text);
}

/** To the end, not by the file's size: a pipe tells none, and a file may grow. */
async function readAtMost(handle: FileHandle, most: number): Promise<Buffer | undefined> {
  const parts: Buffer[] = [];
  const piece = Buffer.allocUnsafeSlow(PIECE_BYTES);
  let length = 0;
  for (;;) {
    const { bytesRead } = await handle.read(piece, 0, PIECE_BYTES, null);
    if (bytesRead === 0) return Buffer.concat(parts, length);
    length += bytesRead;
    if (length > most) return undefined;
    // A copy: a pipe may give a few bytes at a time, and would hold 64 KiB for each.
    parts.push(Buffer.from(piece.subarray(0, bytesRead)));
  }
}
