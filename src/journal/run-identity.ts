import { createHash } from 'node:crypto';
import { journalError } from './errors.js';
import type { JournalDifference } from './errors.js';
import type { RunRecord } from './record.js';

/** SHA-256, in hex, of a value as JSON. A journal identifies by it what a run sends. */
export function digestOf(value: object): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}

/**
 * What two runs must have in common so that a device's result in one counts for the other. The name of the file and its
 * passwords are left out: a user who corrects a password wants to resume.
 *
 * The order of a file is its identity, so that an index means the same device in both.
 */
const traits: readonly (readonly [JournalDifference, (run: RunRecord) => unknown])[] = [
  ['command', ({ command }) => command],
  ['credentials file', ({ fleet: { order, read, devices } }) => [order, read, devices].join()],
  ['collection', ({ collection }) => collection],
  ['set of options', ({ options }) => options],
];

/**
 * @param file path of the journal
 * @throws {BiotzPostmanError} JOURNAL_FOREIGN if it belongs to another run or shard
 */
export function requireSameRun(file: string, found: RunRecord, wanted: RunRecord): void {
  const differs = differenceOf(found, wanted) ?? (shardOf(found) === shardOf(wanted) ? undefined : 'shard');
  if (differs !== undefined) throw journalError('JOURNAL_FOREIGN', { file, differs });
}

/** The first difference between two runs, apart from their shards. */
export function differenceOf(one: RunRecord, other: RunRecord): JournalDifference | undefined {
  return traits.find(([, of]) => of(one) !== of(other))?.[0];
}

const shardOf = ({ shard }: RunRecord) => (shard === undefined ? '' : `${shard.index}/${shard.count}`);
