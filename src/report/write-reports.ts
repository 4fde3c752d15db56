import { join } from 'node:path';
import { systemError } from '../errors/error-code.js';
import type { JournalRecord } from '../journal/record.js';
import { lstatIfPresent, makeFolder } from '../files/make-folder.js';
import { removeStale, StagedFile } from '../files/staged-file.js';
import type { ReportFacts } from './facts.js';
import type { ReportText } from './report-text.js';
import { fileReporters, type FileReporterName } from './reporters.js';
import { resultsOf } from './results.js';
import { withWriteErrors } from '../files/errors.js';

/** Gathered before it is written. */
const PIECE_CHARACTERS = 64 * 1024;

/** Reports hold no secret. */
const MODE = 0o644;

interface Writing {
  readonly target: string;
  readonly text: ReportText;
  readonly staged: StagedFile;
  pending: string;
}

/**
 * Writes reports: all of them are made side by side in one pass over the records, under other names, and put into
 * their places when every one is whole.
 *
 * @param folder made where it is missing
 * @param records of the journals that `facts` is about
 * @returns the files' paths
 * @throws {BiotzPostmanError} OUTPUT_NOT_WRITTEN; what the records throw. Nothing is in place then
 */
export async function writeReports(
  folder: string,
  names: readonly FileReporterName[],
  facts: ReportFacts,
  records: AsyncIterable<JournalRecord>,
  signal?: AbortSignal,
): Promise<readonly string[]> {
  if (names.length === 0) return [];
  const all: Writing[] = [];
  try {
    await withWriteErrors(folder, async () => {
      await makeFolder(folder);
      await removeStale(folder);
    });
    for (const name of new Set(names)) all.push(await begin(folder, name, facts));
    for await (const result of resultsOf(records)) {
      signal?.throwIfAborted();
      for (const writing of all) {
        writing.pending += writing.text.device(result);
        if (writing.pending.length > PIECE_CHARACTERS) await flush(writing);
      }
    }
    for (const writing of all) await finish(writing);
    for (const { target, staged } of all) await withWriteErrors(target, () => staged.replace(target));
    return all.map(({ target }) => target);
  } finally {
    await Promise.all(all.map(({ staged }) => staged.discard()));
  }
}

async function begin(folder: string, name: FileReporterName, facts: ReportFacts): Promise<Writing> {
  const { file, reporter } = fileReporters[name];
  const target = join(folder, file);
  const text = reporter(facts);
  return withWriteErrors(target, async () => {
    // Found out now, not when the others are in place already.
    if ((await lstatIfPresent(target))?.isDirectory() === true) throw systemError('EISDIR');
    return { target, text, staged: await StagedFile.create(folder, MODE), pending: text.head };
  });
}

async function finish(writing: Writing): Promise<void> {
  writing.pending += writing.text.tail;
  await flush(writing);
  await withWriteErrors(writing.target, () => writing.staged.finish());
}

async function flush(writing: Writing): Promise<void> {
  const { target, staged, pending } = writing;
  writing.pending = '';
  await withWriteErrors(target, () => staged.write(pending));
}
