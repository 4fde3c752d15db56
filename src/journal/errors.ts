import { defineErrors } from '../errors/define-errors.js';

/** The difference between a journal and the run, or the other journal, that it should belong to. */
export type JournalDifference =
  'command' | 'credentials file' | 'collection' | 'set of options' | 'shard' | 'number of shards';

export const journalError = defineErrors({
  /** A journal to resume from, or to merge, does not exist. */
  JOURNAL_MISSING: ({ file }: { readonly file: string }) => ({
    reason: `There is no journal at ${file}.`,
    next: 'Check the path. To start a new run, omit --resume.',
  }),
  /** A file is not a journal, has another version, or is damaged other than by a torn last line. `problem` is a clause about the line or file. */
  JOURNAL_INVALID: ({
    file,
    line,
    problem,
  }: {
    readonly file: string;
    readonly line?: number;
    readonly problem: string;
  }) => ({
    reason: `${line === undefined ? file : `${file}:${line}`} is not a usable journal: ${problem}.`,
    next: 'Use the journal as the run left it. If that is lost, run again without --resume.',
  }),
  /** A valid journal belongs to another run. `than`: the journal that it cannot be merged with. */
  JOURNAL_FOREIGN: ({
    file,
    differs,
    than,
  }: {
    readonly file: string;
    readonly differs: JournalDifference;
    readonly than?: string;
  }) => ({
    reason: `${file} belongs to another ${differs} than ${than ?? 'this run'}.`,
    next:
      than === undefined
        ? `Use the same ${differs} as before, or omit --resume to start a new run.`
        : 'Merge only journals of one fleet, with the same options and the same number of shards.',
  }),
  /** Two journals to merge have a result for the same shard or device. */
  JOURNAL_DUPLICATED: ({
    what,
    files: [first, second],
  }: {
    readonly what: string;
    readonly files: readonly [string, string];
  }) => ({
    reason: `${what} is in ${first} and in ${second}. Nothing was written.`,
    next: 'Omit one of the two journals.',
  }),
});
