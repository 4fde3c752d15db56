import { join } from 'node:path';
import { git, GitFailed } from './run.js';
import type { InWorkTree } from './work-tree.js';

/** What git says about a path. */
export type GitAnswer =
  | { readonly known: true; readonly ignored: boolean; readonly tracked: boolean }
  /** `reason`: that of {@link GitFailed}. */
  | { readonly known: false; readonly reason: string };

/**
 * Asks git about a path of a work tree. Git is told where the repository is, so that no other repository in between
 * misleads it.
 *
 * @param below where the path is a folder: names of files in it, which stand for all that will be there
 * @param environment the process's variables
 * @returns `ignored`: it is, or each of `below`; `tracked`: it is, or anything below it
 */
export async function askGit(
  { workTree, path }: InWorkTree,
  below: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<GitAnswer> {
  const paths = below.length === 0 ? [path] : below.map((name) => `${path}/${name}`);
  const where = [`--git-dir=${join(workTree, '.git')}`, `--work-tree=${workTree}`];
  const ask = (args: readonly string[], input = '') =>
    git([...where, ...args], { folder: workTree, environment, input });
  try {
    const [ignored, tracked] = await Promise.all([
      // It takes no --literal-pathspecs; after ./ nothing is taken for more than a name.
      ask(['check-ignore', '--no-index', '-z', '--stdin'], paths.map((each) => `./${each}\0`).join('')).catch(
        noneIgnored,
      ),
      ask(['--literal-pathspecs', 'ls-files', '-z', '--', path]),
    ]);
    const isIgnored = ignored.split('\0').filter(Boolean).length === paths.length;
    return { known: true, ignored: isIgnored, tracked: tracked !== '' };
  } catch (error) {
    if (error instanceof GitFailed) return { known: false, reason: error.reason };
    throw error;
  }
}

/** @see https://git-scm.com/docs/git-check-ignore#_exit_status */
export function noneIgnored(error: unknown): '' {
  if (error instanceof GitFailed && error.status === 1) return '';
  throw error;
}
