import { join } from 'node:path';
import { askGit, findWorkTree } from '../git/work-tree.js';
import type { EncryptedFile } from './encrypted-file.js';

/** Where git does not do with the credentials files what the ignored lines ask for. */
export type Disregard =
  /** What is in clear is in git already: lines in a `.gitignore` do not take it out. */
  | 'tracked-in-clear'
  /** A line behind ours, or in a folder's own `.gitignore`, takes it along. */
  | 'not-ignored'
  /** The encrypted file is not taken: its folder is ignored as a whole, which no line can undo. */
  | 'encrypted-ignored';

/**
 * @param folder the repository's root
 * @param isWritten whether the ignored lines are in place already; without them only what git has counts
 * @param environment the process's variables, by which git is found
 */
export async function disregards(
  folder: string,
  { path, clear }: EncryptedFile,
  isWritten: boolean,
  environment: NodeJS.ProcessEnv,
): Promise<readonly Disregard[]> {
  const found: Disregard[] = [];
  const inClear = await answerTo(join(folder, clear), environment);
  if (inClear?.tracked === true) found.push('tracked-in-clear');
  else if (isWritten && inClear?.ignored === false) found.push('not-ignored');
  const encrypted = await answerTo(join(folder, path), environment);
  if (isWritten && encrypted?.tracked === false && encrypted.ignored) found.push('encrypted-ignored');
  return found;
}

async function answerTo(file: string, environment: NodeJS.ProcessEnv) {
  const place = await findWorkTree(file);
  const answer = place && (await askGit(place, [], environment));
  // Where git cannot be asked, `check` says so.
  return answer?.known === true ? answer : undefined;
}
