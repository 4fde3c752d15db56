import type { FileHandle } from 'node:fs/promises';
import { DeviceSet } from './device-set.js';
import { APPENDING, appendWhole, createAside } from './journal-file.js';
import { emptyState, type JournalState, readState, reopenFailed } from './journal-state.js';
import { writeError } from '../files/errors.js';
import { openJournal, readEntries } from './read-journal.js';
import type { JournalRecord, RunRecord } from './record.js';

/** Which devices a resumed run sends: those without a result, or those that failed and may be sent again. */
export type ResumeMode = 'rest' | 'failed';

/**
 * The journal that a run writes. The caller must hold the lock of its folder (files/folder-lock.ts) from before it is
 * opened until after it is closed: two runs that write to one journal would send devices twice.
 *
 * Appended records survive the process, however it ends. They are flushed to the disk when the journal is closed.
 */
export class Journal {
  /** Devices that a killed run started and did not finish. Their messages may have been sent. */
  readonly unfinished: readonly number[];
  readonly #file: string;
  readonly #handle: FileHandle;
  readonly #finished: DeviceSet;
  /** Devices whose failed result is being replaced. */
  readonly #reopened: DeviceSet;
  #size: number;

  private constructor(file: string, handle: FileHandle, state: JournalState, reopened: DeviceSet) {
    this.#file = file;
    this.#handle = handle;
    this.#finished = state.finished;
    this.#reopened = reopened;
    this.#size = state.size;
    this.unfinished = state.unfinished.list();
  }

  /**
   * Creates a journal. An existing one is renamed to `<name>.previous.ndjson`, and replaces a file of that name.
   *
   * @throws {BiotzPostmanError} OUTPUT_NOT_WRITTEN
   */
  static async create(file: string, run: RunRecord): Promise<Journal> {
    let handle: FileHandle;
    try {
      handle = await createAside(file);
    } catch (error) {
      throw writeError(file, error);
    }
    return Journal.#begin(file, handle, emptyState(run), new DeviceSet(0), [run]);
  }

  /**
   * Resumes a journal, and records that in it. A torn last line is cut off.
   *
   * @param run must be the same as in the journal, except for its time
   * @param mode `rest` keeps all results; `failed` removes those that failed and may be sent again
   * @throws {BiotzPostmanError} JOURNAL_MISSING, JOURNAL_INVALID, JOURNAL_FOREIGN, OUTPUT_NOT_WRITTEN
   */
  static async resume(file: string, run: RunRecord, mode: ResumeMode): Promise<Journal> {
    const { handle, size } = await openJournal(file, APPENDING);
    try {
      const state = await readState(handle, file, size, run);
      const resumed = { type: 'resumed', startedAt: run.startedAt } as const;
      if (mode === 'failed' && state.retryable.size > 0) {
        const rewritten = await reopenFailed(handle, file, state);
        await handle.close();
        return await Journal.#begin(file, rewritten.handle, rewritten, state.retryable, [resumed]);
      }
      if (state.size < size) await handle.truncate(state.size);
      return await Journal.#begin(file, handle, state, new DeviceSet(0), [resumed]);
    } catch (error) {
      await handle.close().catch(() => undefined);
      throw writeError(file, error);
    }
  }

  static async #begin(
    file: string,
    handle: FileHandle,
    state: JournalState,
    reopened: DeviceSet,
    first: readonly JournalRecord[],
  ): Promise<Journal> {
    const journal = new Journal(file, handle, state, reopened);
    try {
      journal.append(first);
      return journal;
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /** @param index position of the device among the created devices of the whole file, from 0 */
  has(index: number): boolean {
    return this.#finished.has(index);
  }

  /** Whether the failed result of this device is being replaced. */
  hadFailed(index: number): boolean {
    return this.#reopened.has(index);
  }

  /** Number of devices with a result. */
  get results(): number {
    return this.#finished.size;
  }

  /**
   * Appends all records, or none if the system refuses.
   *
   * @throws {BiotzPostmanError} OUTPUT_NOT_WRITTEN
   */
  append(records: readonly JournalRecord[]): void {
    const text = records.map((record) => `${JSON.stringify(record)}\n`).join('');
    this.#size = appendWhole(this.#handle.fd, this.#file, text, this.#size);
    for (const record of records) if (record.type === 'device') this.#finished.add(record.index);
  }

  /**
   * Restores the old result of each device that should have been sent again and has no new result.
   *
   * @throws {BiotzPostmanError} OUTPUT_NOT_WRITTEN
   */
  async restoreFailed(): Promise<void> {
    if (this.#reopened.size === 0) return;
    for await (const record of this.records()) {
      if (record.type === 'again' && !this.has(record.failed.index)) this.append([record.failed]);
    }
  }

  /**
   * All records so far, from the first one.
   *
   * @throws {BiotzPostmanError} JOURNAL_INVALID if another program has written to it
   */
  async *records(): AsyncGenerator<JournalRecord, void> {
    for await (const { record } of readEntries(this.#handle, this.#file, this.#size)) yield record;
  }

  /** @throws {BiotzPostmanError} OUTPUT_NOT_WRITTEN if the disk did not keep the records */
  async close(): Promise<void> {
    try {
      await this.#handle.sync();
    } catch (error) {
      throw writeError(this.#file, error);
    } finally {
      await this.#handle.close();
    }
  }
}
