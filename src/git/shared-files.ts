import { join } from 'node:path';
import { noneIgnored } from './path-question.js';
import { git } from './run.js';
import { findWorkTree } from './work-tree.js';

/** How long a work tree of millions of files may take. */
const DEADLINE_MS = 300_000;

/**
 * The files that git knows below a folder, or would know if they were added.
 *
 * @param environment the process's variables
 * @returns their paths from the folder; `undefined` if git has no say: in no work tree, or in a folder that is ignored
 * as a whole
 * @throws GitFailed if git does not answer about a folder of a work tree
 */
export async function sharedFiles(
  folder: string,
  environment: NodeJS.ProcessEnv,
): Promise<readonly string[] | undefined> {
  if ((await findWorkTree(join(folder, 'any'))) === undefined) return undefined;
  const call = { folder, environment, deadlineMs: DEADLINE_MS };
  const list = await git(['ls-files', '-z', '--cached', '--others', '--exclude-standard'], call);
  const names = new Set(list.split('\0').filter(Boolean));
  if (names.size > 0) return [...names];
  // A person who names a folder that is ignored means it.
  const ignored = await git(['check-ignore', '.'], call).catch(noneIgnored);
  return ignored === '' ? [] : undefined;
}
