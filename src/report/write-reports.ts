import { join } from 'node:path';
import { systemError } from '../errors/error-code.js';
import type { DeviceRecord, JournalRecord } from '../journal/record.js';
import { lstatIfPresent, makeFolder } from '../files/make-folder.js';
import { removeStale, StagedFile } from '../files/staged-file.js';
import type { DeviceResult, RequestResult } from '../result/device-result.js';
import type { ReportFacts, ReportText } from './facts.js';
import { json } from './json.js';
import { junit } from './junit.js';
import { markdown } from './markdown.js';
import { withWriteErrors } from '../files/errors.js';

/** The reporters that write a file, by their names in `--reporters`. */
export const fileReporters = {
  json: { file: 'report.json', reporter: json },
  junit: { file: 'report.junit.xml', reporter: junit },
  markdown: { file: 'summary.md', reporter: markdown },
  ndjson: { file: 'results.ndjson', reporter: ndjson },
} as const satisfies Readonly<
  Record<string, { readonly file: string; readonly reporter: (facts: ReportFacts) => ReportText }>
>;

export type FileReporterName = keyof typeof fileReporters;

/** Each line is one `DeviceResult`. */
function ndjson(): ReportText {
  return { head: '', device: (result) => `${JSON.stringify(result)}\n`, tail: '' };
}

/** Text is gathered up to this length before it is written. */
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
 * Writes all reports in one pass over the records, under temporary names, and renames them once all are whole.
 *
 * @param folder created if it is missing
 * @param records records of the journals that `facts` describes
 * @returns paths of the files
 * @throws {BiotzPostmanError} OUTPUT_NOT_WRITTEN; the errors of the records. No report is in place then
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
    // Must be checked before any report is in place.
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

/** The results among a journal's records, in the order in which the devices finished. */
async function* resultsOf(records: AsyncIterable<JournalRecord>): AsyncGenerator<DeviceResult, void> {
  for await (const record of records) if (record.type === 'device') yield resultOf(record);
}

/** The documented properties of a result, in this order. Other properties of a journal's line are left out. */
function resultOf(record: DeviceRecord): DeviceResult {
  const { deviceId, name, username, line, attempts, retried, durationMs, requests } = record;
  const common = {
    deviceId,
    name,
    username,
    line,
    attempts,
    retried,
    durationMs,
    requests: requests.map(requestOf),
  };
  if (record.status === 'passed') return { status: record.status, flaky: record.flaky, ...common };
  const { reason, request, detail } = record;
  return {
    status: record.status,
    reason,
    ...(request !== undefined && { request }),
    ...(detail !== undefined && { detail }),
    ...common,
  };
}

const requestOf = ({ name, status, durationMs }: RequestResult): RequestResult =>
  status === undefined ? { name, durationMs } : { name, status, durationMs };
