import { journalError } from './errors.js';
import type { JournalDifference } from './errors.js';
import type { RunRecord } from './record.js';

/**
 * What two runs have to have in common so that a device's result in one counts for the other. The file's name is not
 * in it, nor are its passwords: who corrects a password wants to go on.
 *
 * The order of a file is its identity: an index means the same device in both.
 */
const traits: readonly (readonly [JournalDifference, (run: RunRecord) => unknown])[] = [
  ['command', ({ command }) => command],
  ['credentials file', ({ fleet: { order, read, devices } }) => [order, read, devices].join()],
  ['collection', ({ collection }) => collection],
  ['set of options', ({ options }) => options],
];

/**
 * @param file the journal's
 * @throws {BiotzPostmanError} JOURNAL_FOREIGN where it does not belong to this run, or to this shard
 */
export function requireSameRun(file: string, found: RunRecord, wanted: RunRecord): void {
  const differs = differenceOf(found, wanted) ?? (shardOf(found) === shardOf(wanted) ? undefined : 'shard');
  if (differs !== undefined) throw journalError('JOURNAL_FOREIGN', { file, differs });
}

/** In what two runs differ, but for their shards. */
export function differenceOf(one: RunRecord, other: RunRecord): JournalDifference | undefined {
  return traits.find(([, of]) => of(one) !== of(other))?.[0];
}

const shardOf = ({ shard }: RunRecord) => (shard === undefined ? '' : `${shard.index}/${shard.count}`);
