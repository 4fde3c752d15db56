import { journalError } from './errors.js';
import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { errorCode } from '../errors/error-code.js';
import { BiotzPostmanError } from '../errors/biotz-postman-error.js';
import { parseRecord } from './parse-record.js';
import { RecordRules } from './record-rules.js';
import type { JournalRecord, RunRecord } from './record.js';
import { UnreadableLines, wholeLines } from './whole-lines.js';

/** A record and the line that it is. */
export interface JournalEntry {
  readonly record: JournalRecord;
  /** From 1. */
  readonly line: number;
  /** Where the next line begins, in bytes. */
  readonly end: number;
}

/**
 * Reads a journal from its start: a run record first, and no device with two results. A torn last line is not given.
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

/** A journal that can be read several times, always as it was when it was opened: it may still be written to. */
export class JournalReader {
  readonly file: string;
  readonly #handle: FileHandle;
  readonly #size: number;

  private constructor(file: string, handle: FileHandle, size: number) {
    this.file = file;
    this.#handle = handle;
    this.#size = size;
  }

  /** @throws {BiotzPostmanError} JOURNAL_MISSING, JOURNAL_INVALID where it cannot be read */
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
    // readEntries has thrown.
    throw invalid(this.file, 'it has no run record');
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }
}

/**
 * @param flags beside these, nothing is waited for: a pipe is no journal
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
  const about = await handle.stat();
  if (about.isFile()) return { handle, size: about.size };
  await handle.close();
  throw invalid(file, 'it is not a regular file');
}

/**
 * Reads the first bytes of a journal.
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
  // The run was killed before its first line was whole.
  if (rules === undefined) throw invalid(file, 'it has no whole line');
}

export function invalid(file: string, problem: string, line?: number): BiotzPostmanError<'JOURNAL_INVALID'> {
  return journalError('JOURNAL_INVALID', { file, problem, ...(line !== undefined && { line }) });
}
