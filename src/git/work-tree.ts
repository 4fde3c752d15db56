import { lstat, realpath } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import { errorCode } from '../errors/error-code.js';
import { git, GitFailed } from './run.js';

/** Limit on listing a work tree, which may have millions of files. */
const LIST_DEADLINE_MS = 300_000;

/** A path relative to its git work tree. */
export interface InWorkTree {
  /** The work tree's folder, free of symbolic links. */
  readonly workTree: string;
  /** The path below that folder, with `/` between the parts. */
  readonly path: string;
}

/**
 * Finds the git work tree of a path as git does, by a `.git` in a folder above, but starts no program. The inside of a
 * `.git` belongs to no work tree.
 *
 * @param path need not exist yet, nor its folder
 */
export async function findWorkTree(path: string): Promise<InWorkTree | undefined> {
  const place = await realPlace(path);
  for (let folder = dirname(place); ; folder = dirname(folder)) {
    if (basename(folder) !== '.git' && (await exists(join(folder, '.git')))) {
      const inside = relative(folder, place).split(sep);
      return inside[0] === '.git' ? undefined : { workTree: folder, path: inside.join('/') };
    }
    if (folder === dirname(folder)) return undefined;
  }
}

/** Resolves the symbolic links of a path whose end may not exist. */
async function realPlace(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    const folder = dirname(path);
    if (errorCode(error) !== 'ENOENT' || folder === path) throw error;
    return join(await realPlace(folder), basename(path));
  }
}

const exists = (path: string) =>
  lstat(path).then(
    () => true,
    () => false,
  );

/** Git's answer about a path. */
export type GitAnswer =
  | { readonly known: true; readonly ignored: boolean; readonly tracked: boolean }
  /** `reason` as in {@link GitFailed}. */
  | { readonly known: false; readonly reason: string };

/**
 * Asks git whether it ignores and tracks a path. The repository is passed to git, so that a repository in between cannot
 * mislead it.
 *
 * @param below if the path is a folder: names of files in it, which stand for all its future files
 * @param environment variables of the process
 * @returns `ignored` if the path or each of `below` is; `tracked` if the path or a file below it is
 */
export async function askGit(
  { workTree, path }: InWorkTree,
  below: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<GitAnswer> {
  const paths = below.length === 0 ? [path] : below.map((name) => `${path}/${name}`);
  const repository = [`--git-dir=${join(workTree, '.git')}`, `--work-tree=${workTree}`];
  const ask = (args: readonly string[], input = '') =>
    git([...repository, ...args], { folder: workTree, environment, input });
  try {
    const [ignored, tracked] = await Promise.all([
      // This command has no --literal-pathspecs; a leading ./ keeps a name from being read as more than a name.
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
function noneIgnored(error: unknown): '' {
  if (error instanceof GitFailed && error.status === 1) return '';
  throw error;
}

/**
 * The files below a folder that git tracks, or would track after `git add`.
 *
 * @param environment variables of the process
 * @returns paths relative to the folder; `undefined` if git does not decide: the folder is outside of a work tree, or
 * ignored as a whole
 * @throws GitFailed if git does not answer about a folder of a work tree
 */
export async function sharedFiles(
  folder: string,
  environment: NodeJS.ProcessEnv,
): Promise<readonly string[] | undefined> {
  if ((await findWorkTree(join(folder, 'any'))) === undefined) return undefined;
  const call = { folder, environment, deadlineMs: LIST_DEADLINE_MS };
  const list = await git(['ls-files', '-z', '--cached', '--others', '--exclude-standard'], call);
  const names = new Set(list.split('\0').filter(Boolean));
  if (names.size > 0) return [...names];
  // A user who names an ignored folder wants it to be scanned.
  const ignored = await git(['check-ignore', '.'], call).catch(noneIgnored);
  return ignored === '' ? [] : undefined;
}
