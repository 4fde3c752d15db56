import { rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isBiotzPostmanError } from '../errors/biotz-postman-error.js';
import { errorCode } from '../errors/error-code.js';
import { optionError } from '../errors/option-error.js';
import { withWriteErrors } from '../files/errors.js';
import { FolderLock } from '../files/folder-lock.js';
import { makeFolder, refuseLinks } from '../files/make-folder.js';
import { removeStale } from '../files/staged-file.js';
import type { FleetCensus } from '../fleet/census.js';
import { journalError } from '../journal/errors.js';
import { Journal, type ResumeMode } from '../journal/journal.js';
import { JournalReader } from '../journal/read-journal.js';
import type { RunRecord } from '../journal/record.js';
import { JOURNAL_VERSION } from '../journal/record.js';

/** Name of the journal in the folder of reports. */
export const JOURNAL = 'journal.ndjson';

/**
 * Runs `work` while this process holds the lock of a report folder, so that no other run writes to its journal or
 * reports. Everything that is sent must be sent by `work`: the second of two runs may send nothing.
 *
 * @throws {BiotzPostmanError} FOLDER_IN_USE, JOURNAL_MISSING, OUTPUT_NOT_WRITTEN; the errors of `work`
 */
export async function inReportFolder<T>(
  folder: string,
  resume: ResumeMode | undefined,
  work: () => Promise<T>,
): Promise<T> {
  let isNew = false;
  const lock = await withWriteErrors(folder, async () => {
    if (resume === undefined) isNew = (await makeFolder(folder)) !== undefined;
    else await refuseLinks(folder);
    try {
      const taken = await FolderLock.take(folder);
      await removeStale(folder);
      return taken;
    } catch (error) {
      if (resume === undefined || errorCode(error) !== 'ENOENT') throw error;
      throw journalError('JOURNAL_MISSING', { file: join(folder, JOURNAL) });
    }
  });
  try {
    return await work();
  } finally {
    await withWriteErrors(folder, () => lock.release());
    // A run that wrote nothing leaves no empty folder.
    if (isNew) await rmdir(folder).catch(() => undefined);
  }
}

/**
 * Creates the journal of a run, or opens the one to resume from. The caller must hold the lock of its folder: see
 * {@link inReportFolder}.
 *
 * @throws {BiotzPostmanError} JOURNAL_FOREIGN, JOURNAL_INVALID, JOURNAL_MISSING, OPTION_INVALID,
 *   OUTPUT_NOT_WRITTEN
 */
export async function openJournal(
  { file: { name }, fleet, part, shard }: FleetCensus,
  plan: Pick<RunRecord, 'command' | 'collection' | 'options'>,
  { folder, resume }: { readonly folder: string; readonly resume?: ResumeMode | undefined },
): Promise<Journal> {
  const file = join(folder, JOURNAL);
  const record: RunRecord = {
    type: 'run',
    version: JOURNAL_VERSION,
    startedAt: new Date().toISOString(),
    file: name,
    fleet,
    ...(shard && { shard }),
    share: part.share,
    ...plan,
  };
  if (resume !== undefined) return Journal.resume(file, record, resume);
  await refuseOtherShard(file, record);
  return Journal.create(file, record);
}

/** Refuses a second shard in one folder: it would move the first one's journal aside, and a merge would miss it. */
async function refuseOtherShard(file: string, { fleet, shard }: RunRecord): Promise<void> {
  if (shard === undefined) return;
  const present = await readRunRecord(file);
  if (present?.shard === undefined || present.fleet.order !== fleet.order) return;
  const { index, count } = present.shard;
  if (index === shard.index && count === shard.count) return;
  throw optionError('OPTION_INVALID', {
    option: '--report-dir',
    problem: `has the journal of shard ${index}/${count} of the same file`,
    next: 'Give each shard a folder of its own.',
  });
}

async function readRunRecord(file: string): Promise<RunRecord | undefined> {
  try {
    const reader = await JournalReader.open(file);
    try {
      return await reader.run();
    } finally {
      await reader.close();
    }
  } catch (error) {
    // A file that cannot be read is moved aside, so nothing is lost.
    if (isBiotzPostmanError(error)) return undefined;
    throw error;
  }
}
