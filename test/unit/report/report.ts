import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { JournalRecord } from '../../../src/journal/record.js';
import { collectFacts } from '../../../src/report/facts.js';
import type { FileReporterName } from '../../../src/report/write-reports.js';
import { fileReporters } from '../../../src/report/write-reports.js';
import { writeReports } from '../../../src/report/write-reports.js';
import { inTemporaryFolder } from '../../support/folder.js';

export async function* streamOf<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}

export const ended = {
  type: 'end',
  endedAt: '2026-01-31T12:00:02.000Z',
  durationMs: 2000,
  end: 'completed',
} as const;

export const factsOf = async (records: readonly JournalRecord[]) =>
  (await collectFacts(streamOf(records))).facts;

/** The text of the report that one reporter writes about these records. */
export const reportOf = (name: FileReporterName, records: readonly JournalRecord[]) =>
  inTemporaryFolder(async (folder) => {
    await writeReports(folder, [name], await factsOf(records), streamOf(records));
    return readFile(join(folder, fileReporters[name].file), 'utf8');
  });
