import { rename, rm, type FileHandle } from 'node:fs/promises';
import { isNeverArrived } from '../platform/repeat.js';
import { GET_TOKEN } from '../platform/request-names.js';
import type { DeviceResult } from '../result/device-result.js';
import { DeviceSet } from './device-set.js';
import { appendWhole, createBeside } from './journal-file.js';
import { readEntries } from './read-journal.js';
import type { RunRecord } from './record.js';
import { requireSameRun } from './run-identity.js';

/** Text is gathered up to this length before it is written to a rewritten journal. */
const PIECE_CHARACTERS = 256 * 1024;

/** What a journal says about the devices of its file. */
export interface JournalState {
  readonly finished: DeviceSet;
  /** Devices that failed and may be sent again, and devices that an earlier run should have sent again. */
  readonly retryable: DeviceSet;
  /** Devices that were started and not finished. */
  readonly unfinished: DeviceSet;
  /** Length of the whole lines, in bytes. */
  readonly size: number;
}

export function emptyState({ fleet: { devices } }: RunRecord): JournalState {
  return {
    finished: new DeviceSet(devices),
    retryable: new DeviceSet(devices),
    unfinished: new DeviceSet(devices),
    size: 0,
  };
}

/**
 * Reads a journal that a run resumes from.
 *
 * @throws {BiotzPostmanError} JOURNAL_INVALID, JOURNAL_FOREIGN
 */
export async function readState(
  handle: FileHandle,
  file: string,
  size: number,
  run: RunRecord,
): Promise<JournalState> {
  const state = emptyState(run);
  const { finished, retryable, unfinished } = state;
  let whole = 0;
  for await (const { record, end } of readEntries(handle, file, size)) {
    if (record.type === 'run') requireSameRun(file, record, run);
    else if (record.type === 'started') unfinished.add(record.index);
    else if (record.type === 'again') retryable.add(record.failed.index);
    else if (record.type === 'device') {
      finished.add(record.index);
      if (mayBeSentAgain(record)) retryable.add(record.index);
      else retryable.delete(record.index);
    }
    whole = end;
  }
  for (const index of finished.list()) unfinished.delete(index);
  return { ...state, size: whole };
}

/**
 * Rewrites a journal so that its failed results are marked as results to replace, and puts the new file in the place of
 * the old one once it is whole.
 */
export async function reopenFailed(
  old: FileHandle,
  file: string,
  { finished, retryable, unfinished, size: oldSize }: JournalState,
): Promise<JournalState & { readonly handle: FileHandle }> {
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
        record.type === 'device' && record.status === 'failed' && retryable.has(record.index)
          ? { type: 'again', failed: record }
          : record;
      text += `${JSON.stringify(kept)}\n`;
      if (text.length > PIECE_CHARACTERS) write();
    }
    write();
    await handle.sync();
    await rename(temporary, file);
    for (const index of retryable.list()) finished.delete(index);
    return { handle, finished, retryable, unfinished, size };
  } catch (error) {
    await handle.close();
    await rm(temporary, { force: true });
    throw error;
  }
}

/**
 * Whether `--resume failed` sends a device again. It does not if the device's message may have been published. A login
 * may always be repeated, and so may a request that the server refused.
 */
export function mayBeSentAgain(result: DeviceResult): boolean {
  if (result.status === 'passed' || result.reason === 'outcome-unknown') return false;
  const { request, requests, reason, messageUnanswered } = result;
  if (messageUnanswered !== undefined) return !messageUnanswered;
  // A journal of an older version does not have `messageUnanswered`.
  const last = requests.findLast(({ name }) => name === request);
  const isAnswered = last?.status !== undefined;
  return request === undefined || request === GET_TOKEN || isAnswered || isNeverArrived(reason);
}
