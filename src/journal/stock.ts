import { rename, rm, type FileHandle } from 'node:fs/promises';
import { DeviceSet } from './device-set.js';
import { appendWhole, createBeside } from './journal-file.js';
import { readEntries } from './read-journal.js';
import { mayBeSentAgain } from './may-be-sent-again.js';
import type { RunRecord } from './record.js';
import { requireSameRun } from './same-run.js';

/** What a rewritten journal is written in. */
const PIECE_CHARACTERS = 256 * 1024;

/** What a journal says about the devices of its file. */
export interface Stock {
  readonly finished: DeviceSet;
  /** Failed, and may be sent again; or were to be, and have no new result yet. */
  readonly again: DeviceSet;
  /** Started, and not finished. */
  readonly unfinished: DeviceSet;
  /** How many bytes its whole lines have. */
  readonly size: number;
}

export function noStock({ fleet: { devices } }: RunRecord) {
  return {
    finished: new DeviceSet(devices),
    again: new DeviceSet(devices),
    unfinished: new DeviceSet(devices),
  };
}

/**
 * Reads a journal that is to be gone on from.
 *
 * @throws {BiotzPostmanError} JOURNAL_INVALID, JOURNAL_FOREIGN
 */
export async function takeStock(
  handle: FileHandle,
  file: string,
  size: number,
  run: RunRecord,
): Promise<Stock> {
  const stock = noStock(run);
  let whole = 0;
  for await (const { record, end } of readEntries(handle, file, size)) {
    if (record.type === 'run') requireSameRun(file, record, run);
    else if (record.type === 'started') stock.unfinished.add(record.index);
    else if (record.type === 'again') stock.again.add(record.failed.index);
    else if (record.type === 'device') {
      stock.finished.add(record.index);
      if (mayBeSentAgain(record)) stock.again.add(record.index);
      else stock.again.delete(record.index);
    }
    whole = end;
  }
  for (const index of stock.finished.list()) stock.unfinished.delete(index);
  return { ...stock, size: whole };
}

/**
 * Writes a journal anew in which failed results are marked as to be tried again, and puts it in the place of the old
 * one when it is whole.
 */
export async function withoutFailed(
  old: FileHandle,
  file: string,
  { finished, again, unfinished, size: oldSize }: Stock,
): Promise<Stock & { readonly handle: FileHandle }> {
  const { handle, temporary } = await createBeside(file);
  try {
    let size = 0;
    let text = '';
    const write = () => {
      size = appendWhole(handle.fd, file, text, size);
      text = '';
    };
    for await (const { record } of readEntries(old, file, oldSize)) {
      if (record.type === 'started' && !unfinished.has(record.index)) continue;
      if (record.type === 'again' && finished.has(record.failed.index)) continue;
      const kept =
        record.type === 'device' && record.status === 'failed' && again.has(record.index)
          ? { type: 'again', failed: record }
          : record;
      text += `${JSON.stringify(kept)}\n`;
      if (text.length > PIECE_CHARACTERS) write();
    }
    write();
    await handle.sync();
    await rename(temporary, file);
    for (const index of again.list()) finished.delete(index);
    return { handle, finished, again, unfinished, size };
  } catch (error) {
    await handle.close();
    await rm(temporary, { force: true });
    throw error;
  }
}
