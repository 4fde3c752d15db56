import type { FileHandle } from 'node:fs/promises';
import { DeviceSet } from './device-set.js';
import { APPENDING, appendWhole, createAside } from './journal-file.js';
import { writeError } from '../files/errors.js';
import { openJournal, readEntries } from './read-journal.js';
import type { JournalRecord, RunRecord } from './record.js';
import { noStock, takeStock, withoutFailed, type Stock } from './stock.js';

/**
 * The journal that a run writes. The lock of its folder (files/folder-lock.ts) must be held from before it is opened
 * until after it is closed: two runs that write to one journal would send devices twice.
 *
 * What was appended survives the process, however that ends; it is brought to the disk when the journal is closed.
 */
export class Journal {
  /** Devices that a killed run had started and not finished: nobody knows whether their message went out. */
  readonly unfinished: readonly number[];
  readonly #file: string;
  readonly #handle: FileHandle;
  readonly #finished: DeviceSet;
  readonly #again: DeviceSet;
  #size: number;

  private constructor(file: string, handle: FileHandle, stock: Stock, again: DeviceSet) {
    this.#file = file;
    this.#handle = handle;
    this.#finished = stock.finished;
    this.#again = again;
    this.#size = stock.size;
    this.unfinished = stock.unfinished.list();
  }

  /**
   * Begins a journal. One that is there already becomes `<name>.previous.ndjson`, and replaces what has that name.
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
    return Journal.#begin(file, handle, { ...noStock(run), size: 0 }, new DeviceSet(0), [run]);
  }

  /**
   * Goes on from a journal, and takes note of that in it. A torn last line is cut off.
   *
   * @param run what is to be done now; only its time may differ from what the journal is about
   * @param mode `rest` keeps all results; `failed` takes the failed ones out
   * @throws {BiotzPostmanError} JOURNAL_MISSING, JOURNAL_INVALID, JOURNAL_FOREIGN, OUTPUT_NOT_WRITTEN
   */
  static async resume(file: string, run: RunRecord, mode: 'rest' | 'failed'): Promise<Journal> {
    const { handle, size } = await openJournal(file, APPENDING);
    try {
      const stock = await takeStock(handle, file, size, run);
      const resumed = { type: 'resumed', startedAt: run.startedAt } as const;
      if (mode === 'failed' && stock.again.size > 0) {
        const rewritten = await withoutFailed(handle, file, stock);
        await handle.close();
        return await Journal.#begin(file, rewritten.handle, rewritten, stock.again, [resumed]);
      }
      if (stock.size < size) await handle.truncate(stock.size);
      return await Journal.#begin(file, handle, stock, new DeviceSet(0), [resumed]);
    } catch (error) {
      await handle.close().catch(() => undefined);
      throw writeError(file, error);
    }
  }

  static async #begin(
    file: string,
    handle: FileHandle,
    stock: Stock,
    again: DeviceSet,
    first: readonly JournalRecord[],
  ): Promise<Journal> {
    const journal = new Journal(file, handle, stock, again);
    try {
      journal.append(first);
      return journal;
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /** @param index the device's place among the created devices of the whole file, from 0 */
  has(index: number): boolean {
    return this.#finished.has(index);
  }

  /** Whether this device's result was taken out because it had failed. */
  hadFailed(index: number): boolean {
    return this.#again.has(index);
  }

  /** How many devices have a result. */
  get results(): number {
    return this.#finished.size;
  }

  /**
   * Appends records: all of them, or none where the system refuses.
   *
   * @throws {BiotzPostmanError} OUTPUT_NOT_WRITTEN
   */
  append(records: readonly JournalRecord[]): void {
    const text = records.map((record) => `${JSON.stringify(record)}\n`).join('');
    this.#size = appendWhole(this.#handle.fd, this.#file, text, this.#size);
    for (const record of records) if (record.type === 'device') this.#finished.add(record.index);
  }

  /**
   * Gives devices that were to be tried again, and have no new result, their old one back.
   *
   * @throws {BiotzPostmanError} OUTPUT_NOT_WRITTEN
   */
  async restoreFailed(): Promise<void> {
    if (this.#again.size === 0) return;
    for await (const record of this.records()) {
      if (record.type === 'again' && !this.has(record.failed.index)) this.append([record.failed]);
    }
  }

  /**
   * Every record so far, from the first one.
   *
   * @throws {BiotzPostmanError} JOURNAL_INVALID where somebody else has written to it
   */
  async *records(): AsyncGenerator<JournalRecord, void> {
    for await (const { record } of readEntries(this.#handle, this.#file, this.#size)) yield record;
  }

  /** @throws {BiotzPostmanError} OUTPUT_NOT_WRITTEN where the disk did not keep what it was given */
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
