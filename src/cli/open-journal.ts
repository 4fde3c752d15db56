import { join } from 'node:path';
import { BiotzPostmanError, isBiotzPostmanError } from '../errors.js';
import { Journal } from '../journal/journal.js';
import { JournalReader } from '../journal/read-journal.js';
import type { RunRecord } from '../journal/record.js';
import { JOURNAL_VERSION } from '../journal/record.js';
import { refuseLinks } from '../files/make-folder.js';
import { refusing } from '../files/not-written.js';
import type { FleetRun } from './run-fleet.js';

/** A journal's name in the folder of reports. */
export const JOURNAL = 'journal.ndjson';

/**
 * Opens the journal of a run in its folder of reports, a new one or the one to go on from: whether that folder
 * can be written to is known before anything is sent.
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
  await refusing(run.report.folder, () => refuseLinks(run.report.folder));
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
  throw new BiotzPostmanError('OPTION_INVALID', {
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
