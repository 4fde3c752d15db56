import { reportError } from '../../report/errors.js';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { JournalReader } from '../../journal/read-journal.js';
import { harmless } from '../../text/harmless.js';
import { mergeJournals, type Merged } from '../../report/merge.js';
import { formatSummary } from '../../report/summary-text.js';
import { writeReports } from '../../report/write-reports.js';
import type { Command } from '../options/options.js';
import { statusOfRun } from '../terminal/exit-status.js';
import { onInterrupt } from '../terminal/interrupt.js';
import { inReportFolder, JOURNAL } from '../../runs/report-folder.js';
import { reportersFrom } from '../options/fleet-arguments.js';

/** Merges the journals of a fleet's shards into one report. */
export const reportMerge: Command<'report merge'> = async ({ journals, reporters, reportDir }, terminal) => {
  const { cli, files } = reportersFrom(reporters);
  const readers: JournalReader[] = [];
  const interrupt = onInterrupt(terminal, 'No report will be written.');
  try {
    for (const path of journals) readers.push(await JournalReader.open(await journalAt(path)));
    const merged = await mergeJournals(readers, interrupt.signal);
    const write = () => writeReports(reportDir, files, merged.facts, merged.records(), interrupt.signal);
    const written = files.length === 0 ? [] : await inReportFolder(reportDir, undefined, write);
    if (cli) await terminal.result(formatSummary(merged.facts, terminal.paint));
    for (const file of written) terminal.note(`Written: ${harmless(file)}\n`);
    return statusOf(merged);
  } finally {
    interrupt.release();
    await Promise.all(readers.map((reader) => reader.close()));
  }
};

async function journalAt(path: string): Promise<string> {
  const isFolder = await stat(path).then(
    (stats) => stats.isDirectory(),
    // Opening the journal reports any problem.
    () => false,
  );
  return isFolder ? join(path, JOURNAL) : path;
}

/** @throws {BiotzPostmanError} REPORT_INCOMPLETE, after the existing results have been reported */
function statusOf({ facts, summary, missingShards, shards }: Merged): number {
  const { counts } = facts;
  if (missingShards.length > 0 || counts.notAttempted > 0) {
    const devices = counts.notAttempted;
    throw reportError('REPORT_INCOMPLETE', { missingShards, shards, devices });
  }
  return statusOfRun(summary, facts);
}
