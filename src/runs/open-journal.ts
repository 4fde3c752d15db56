import { journalError } from '../journal/errors.js';
import { optionError } from '../errors/option-error.js';
import { rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../errors/error-code.js';
import { isBiotzPostmanError } from '../errors/biotz-postman-error.js';
import { Journal } from '../journal/journal.js';
import { JournalReader } from '../journal/read-journal.js';
import type { RunRecord } from '../journal/record.js';
import { JOURNAL_VERSION } from '../journal/record.js';
import { FolderLock } from '../files/folder-lock.js';
import { makeFolder, refuseLinks } from '../files/make-folder.js';
import { withWriteErrors } from '../files/errors.js';
import { removeStale } from '../files/staged-file.js';
import type { Resume } from '../cli/options/resume.js';
import type { FleetRun } from './run-fleet.js';

/** A journal's name in the folder of reports. */
export const JOURNAL = 'journal.ndjson';

/**
 * Works in a folder of reports that no other run writes to meanwhile: not to its journal, and not to the reports that
 * are made from that. It must enclose everything that is sent, since the second of two runs may send nothing.
 *
 * @throws {BiotzPostmanError} FOLDER_IN_USE, JOURNAL_MISSING, OUTPUT_NOT_WRITTEN; what the work throws
 */
export async function inReportFolder<T>(
  folder: string,
  resume: Resume | undefined,
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
    // A run that came to nothing leaves no empty folder.
    if (isNew) await rmdir(folder).catch(() => undefined);
  }
}

/**
 * Opens the journal of a run, a new one or the one to resume from. The folder's lock must be held: see
 * {@link inReportFolder}.
 *
 * @throws {BiotzPostmanError} JOURNAL_FOREIGN, JOURNAL_INVALID, JOURNAL_MISSING, OPTION_INVALID,
 *   OUTPUT_NOT_WRITTEN
 */
export async function openJournal(run: FleetRun): Promise<Journal> {
  const { command, fleet, part, plan, shard, resume } = run;
  const file = join(run.report.folder, JOURNAL);
  const record: RunRecord = {
    type: 'run',
    version: JOURNAL_VERSION,
    command,
    startedAt: new Date().toISOString(),
    file: run.file.name,
    fleet,
    ...(shard && { shard }),
    share: part.share,
    ...plan,
  };
  if (resume !== undefined) return Journal.resume(file, record, resume);
  await refuseOtherShard(file, record);
  return Journal.create(file, record);
}

/** Two shards in one folder: the second would move the journal of the first away, and the merge would miss it. */
async function refuseOtherShard(file: string, { fleet, shard }: RunRecord): Promise<void> {
  if (shard === undefined) return;
  const there = await headOf(file);
  if (there?.shard === undefined || there.fleet.order !== fleet.order) return;
  if (there.shard.index === shard.index && there.shard.count === shard.count) return;
  throw optionError('OPTION_INVALID', {
    option: '--report-dir',
    problem: `has the journal of shard ${there.shard.index}/${there.shard.count} of the same file`,
    next: 'Give each shard a folder of its own.',
  });
}

async function headOf(file: string): Promise<RunRecord | undefined> {
  try {
    const reader = await JournalReader.open(file);
    try {
      return await reader.run();
    } finally {
      await reader.close();
    }
  } catch (error) {
    // Whatever it is, it is moved aside and not lost.
    if (isBiotzPostmanError(error)) return undefined;
    throw error;
  }
}
