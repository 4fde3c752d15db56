import { defineErrors } from '../errors/define-errors.js';

/** In what a journal differs from the run, or journal, that it should belong to. */
export type JournalDifference =
  'command' | 'credentials file' | 'collection' | 'set of options' | 'shard' | 'number of shards';

export const journalError = defineErrors({
  /** `--resume` without anything to go on from, or a journal to merge that is not there. */
  JOURNAL_MISSING: ({ file }: { readonly file: string }) => ({
    reason: `There is no journal at ${file}.`,
    next: 'Check the path; a run that has not begun yet is started without --resume.',
  }),
  /** Not a journal, one of another version, or damaged other than by a torn last line. `problem` is a clause about the line or file. */
  JOURNAL_INVALID: ({
    file,
    line,
    problem,
  }: {
    readonly file: string;
    readonly line?: number;
    readonly problem: string;
  }) => ({
    reason: `${line === undefined ? file : `${file}:${line}`} is not a journal that can be used: ${problem}.`,
    next: 'Give it as the run left it. Where that is lost, run again without --resume.',
  }),
  /** A sound journal, but of another run than the one at hand. `than`: the journal that it does not go with, in a merge. */
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
        ? `Run with the ${differs} that it was made with, or without --resume to begin anew.`
        : 'Only journals of one fleet, run in the same way and split into the same number of shards, can be merged.',
  }),
  /** Two journals of a merge have a result for the same shard or device. */
  JOURNAL_DUPLICATED: ({
    what,
    files: [first, second],
  }: {
    readonly what: string;
    readonly files: readonly [string, string];
  }) => ({
    reason: `${what} is in ${first} and in ${second}; nothing was written.`,
    next: 'Leave one of the two journals away.',
  }),
});
