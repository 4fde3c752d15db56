import { journalError } from './errors.js';
import { isUtf8 } from 'node:buffer';
import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { errorCode } from '../errors/error-code.js';
import { BiotzPostmanError } from '../errors/biotz-postman-error.js';
import { parseRecord } from './parse-record.js';
import { DeviceSet } from './device-set.js';
import type { JournalRecord, RunRecord } from './record.js';

/** Bytes that one call reads. */
const PIECE_BYTES = 256 * 1024;

/** The longest line, in bytes. A record has some hundred, and a row of a credentials file at most 1 MiB. */
const MOST_BYTES = 16 * 1024 * 1024;

const LINE_FEED = 0x0a;

/** A record, and its line in the journal. */
export interface JournalEntry {
  readonly record: JournalRecord;
  /** From 1. */
  readonly line: number;
  /** Offset of the next line, in bytes. */
  readonly end: number;
}

/**
 * Reads a journal from its start. The first record is the run, and no device has two results. A torn last line is left out.
 *
 * @throws {BiotzPostmanError} JOURNAL_MISSING, JOURNAL_INVALID
 */
export async function* readJournal(file: string): AsyncGenerator<JournalRecord, void> {
  const reader = await JournalReader.open(file);
  try {
    yield* reader.records();
  } finally {
    await reader.close();
  }
}

/** A journal that can be read several times, always as it was when it was opened, even if a run still writes to it. */
export class JournalReader {
  readonly file: string;
  readonly #handle: FileHandle;
  readonly #size: number;

  private constructor(file: string, handle: FileHandle, size: number) {
    this.file = file;
    this.#handle = handle;
    this.#size = size;
  }

  /** @throws {BiotzPostmanError} JOURNAL_MISSING, JOURNAL_INVALID if it cannot be read */
  static async open(file: string): Promise<JournalReader> {
    const { handle, size } = await openJournal(file, constants.O_RDONLY);
    return new JournalReader(file, handle, size);
  }

  /** @throws {BiotzPostmanError} JOURNAL_INVALID */
  async *records(): AsyncGenerator<JournalRecord, void> {
    for await (const { record } of readEntries(this.#handle, this.file, this.#size)) yield record;
  }

  /** @throws {BiotzPostmanError} JOURNAL_INVALID */
  async run(): Promise<RunRecord> {
    for await (const record of this.records()) if (record.type === 'run') return record;
    // `readEntries` throws before this line is reached.
    throw invalid(this.file, 'it has no run record');
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }
}

/**
 * @param flags O_NONBLOCK is added, so that opening a pipe does not wait for a writer
 * @throws {BiotzPostmanError} JOURNAL_MISSING, JOURNAL_INVALID
 */
export async function openJournal(
  file: string,
  flags: number,
): Promise<{ readonly handle: FileHandle; readonly size: number }> {
  let handle: FileHandle;
  try {
    handle = await open(file, flags | constants.O_NONBLOCK);
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT') throw journalError('JOURNAL_MISSING', { file });
    throw invalid(file, `it cannot be opened (${code})`);
  }
  const stats = await handle.stat();
  if (stats.isFile()) return { handle, size: stats.size };
  await handle.close();
  throw invalid(file, 'it is not a regular file');
}

/**
 * Reads the records in the first `size` bytes of a journal.
 *
 * @throws {BiotzPostmanError} JOURNAL_INVALID with the line
 */
export async function* readEntries(
  handle: FileHandle,
  file: string,
  size: number,
): AsyncGenerator<JournalEntry, void> {
  let rules: RecordRules | undefined;
  try {
    for await (const lines of wholeLines(handle, size)) {
      for (const { text, number: line, end } of lines) {
        const record = text === undefined ? 'it is not UTF-8 text' : parseRecord(text);
        if (typeof record === 'string') throw invalid(file, record, line);
        if (rules === undefined) {
          if (record.type !== 'run') throw invalid(file, 'it does not begin with a run record', line);
          rules = new RecordRules(record);
        }
        const problem = rules.problemWith(record, line);
        if (problem !== undefined) throw invalid(file, problem, line);
        yield { record, line, end };
      }
    }
  } catch (error) {
    if (error instanceof UnreadableLines) throw invalid(file, error.message, error.line);
    const code = errorCode(error);
    if (code === undefined || error instanceof BiotzPostmanError) throw error;
    throw invalid(file, `it cannot be read (${code})`);
  }
  // The run was killed while it wrote the first line.
  if (rules === undefined) throw invalid(file, 'it has no whole line');
}

export function invalid(file: string, problem: string, line?: number): BiotzPostmanError<'JOURNAL_INVALID'> {
  return journalError('JOURNAL_INVALID', { file, problem, ...(line !== undefined && { line }) });
}

/** Rules between the records of a journal. */
class RecordRules {
  readonly #run: RunRecord;
  readonly #finished: DeviceSet;

  constructor(run: RunRecord) {
    this.#run = run;
    this.#finished = new DeviceSet(run.fleet.devices);
  }

  problemWith(record: JournalRecord, line: number): string | undefined {
    if (record.type === 'run') return line === 1 ? contradiction(record) : 'it is a second run record';
    if (record.type === 'again') {
      const { index } = record.failed;
      return index < this.#run.fleet.devices ? undefined : `the file has no device ${index}`;
    }
    if (record.type !== 'device' && record.type !== 'started') return undefined;
    if (record.index >= this.#run.fleet.devices) return `the file has no device ${record.index}`;
    if (record.type === 'started') return undefined;
    if (!this.#finished.add(record.index)) return `device ${record.index} has a result already`;
    return this.#finished.size > this.#run.share.devices ? 'it has more results than devices' : undefined;
  }
}

function contradiction({ fleet, share, shard }: RunRecord): string | undefined {
  if (fleet.read !== fleet.skipped + fleet.devices) return 'its rows do not add up';
  if (shard === undefined) {
    const isWhole = share.devices === fleet.devices && share.digest === fleet.digest;
    return isWhole ? undefined : 'its share is not the whole file, and it names no shard';
  }
  if (shard.index > shard.count) return `there is no shard ${shard.index} of ${shard.count}`;
  return share.devices > fleet.devices ? 'its share is larger than the file' : undefined;
}

/** A line with its line feed. */
interface WholeLine {
  /** Without the line feed; `undefined` if it is not UTF-8 text. */
  readonly text: string | undefined;
  /** From 1. */
  readonly number: number;
  /** Offset of the next line, in bytes. */
  readonly end: number;
}

/** The file was not written by this program. */
class UnreadableLines extends Error {
  /** From 1; absent if the problem is not in one line. */
  readonly line: number | undefined;

  /** @param problem a clause about the line or file */
  constructor(problem: string, line?: number) {
    super(problem);
    this.line = line;
  }
}

/**
 * Reads a file's lines from its start, in batches, whatever the descriptor's own position is. Bytes after the last line
 * feed belong to a torn line, and are left out.
 *
 * @param size number of bytes to read
 * @throws {UnreadableLines}
 */
async function* wholeLines(file: FileHandle, size: number): AsyncGenerator<readonly WholeLine[]> {
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
