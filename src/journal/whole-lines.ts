import { isUtf8 } from 'node:buffer';
import type { FileHandle } from 'node:fs/promises';

/** Read at a time. */
const PIECE_BYTES = 256 * 1024;

/** A device's record has some hundred bytes, and its row in a credentials file at most 1 MiB. */
const MOST_BYTES = 16 * 1024 * 1024;

const LINE_FEED = 0x0a;

/** A line that its line feed is there for. */
export interface WholeLine {
  /** Without the line feed; `undefined` where it is no UTF-8 text. */
  readonly text: string | undefined;
  /** From 1. */
  readonly number: number;
  /** Where the next line begins, in bytes. */
  readonly end: number;
}

/** The file is not one that we write. */
export class UnreadableLines extends Error {
  /** From 1; absent where no line is meant. */
  readonly line: number | undefined;

  /** @param problem a clause about the line or file */
  constructor(problem: string, line?: number) {
    super(problem);
    this.line = line;
  }
}

/**
 * Reads a file's lines from its start, in batches, wherever the descriptor's own position is. What stands after the
 * last line feed was cut off while it was being written, and is not given.
 *
 * @param size how many bytes of the file are read
 * @throws {UnreadableLines}
 */
export async function* wholeLines(file: FileHandle, size: number): AsyncGenerator<readonly WholeLine[]> {
  let number = 0;
  let rest: Buffer = Buffer.alloc(0);
  for (let at = 0; at < size;) {
    const piece = Buffer.allocUnsafe(Math.min(PIECE_BYTES, size - at));
    const { bytesRead } = await file.read(piece, 0, piece.length, at);
    if (bytesRead === 0) throw new UnreadableLines('it was cut while it was being read');
    const bytes = Buffer.concat([rest, piece.subarray(0, bytesRead)]);
    let end = at - rest.length;
    at += bytesRead;
    const lines: WholeLine[] = [];
    let from = 0;
    for (
      let to = bytes.indexOf(LINE_FEED, rest.length);
      to >= 0;
      from = to + 1, to = bytes.indexOf(LINE_FEED, from)
    ) {
      const line = bytes.subarray(from, to);
      end += line.length + 1;
      lines.push({ text: isUtf8(line) ? line.toString() : undefined, number: ++number, end });
    }
    rest = bytes.subarray(from);
    if (lines.length > 0) yield lines;
    if (rest.length > MOST_BYTES) throw new UnreadableLines('it is too long', number + 1);
  }
}
