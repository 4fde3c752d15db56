import { optionError } from '../../errors/option-error.js';
import { constants } from 'node:fs';
import { access, lstat, readdir, stat } from 'node:fs/promises';
import { join, normalize, sep } from 'node:path';
import { errorCode } from '../../errors/error-code.js';
import { describeProblem, type FileProblem } from '../../files/file-problem.js';
import { openInput, refusal } from '../../files/open-input.js';
import { GitFailed } from '../../git/run.js';
import { sharedFiles } from '../../git/work-tree.js';
import { refusedByGit } from './git-refused.js';

/** Folders that nobody shares: what git itself and npm keep there. They are looked into where they are named. */
const passedOver: ReadonlySet<string> = new Set(['.git', 'node_modules']);

export interface Walk {
  /** Globs of paths to pass over. */
  readonly exclude: readonly string[];
  /** Whether to look also at what git ignores. */
  readonly ignored: boolean;
  /** The variables that git is run with. */
  readonly env: NodeJS.ProcessEnv;
  /** Told of what could not be read, and why. */
  readonly onUnreadable: (path: string, reason: string) => void;
  /** Told of symbolic links that were named: they are not followed. */
  readonly onLink: (path: string) => void;
}

/**
 * The files that paths name: themselves, and what lies below folders. In a git work tree that is what git would share:
 * not what it ignores, unless the folder itself is ignored.
 *
 * @throws {BiotzPostmanError} OPTION_INVALID if a path does not exist or cannot be read, or if git does not say what it
 * ignores there
 */
export async function* filesBelow(paths: readonly string[], walk: Walk): AsyncGenerator<string, void> {
  const isExcluded = matcher(walk.exclude);
  for (const path of paths) {
    const kind = await readableKindOf(path).catch((error: unknown) => refused(path, refusal(error)));
    if (kind === 'nothing') await refuseSpecial(path);
    if (kind === 'link') walk.onLink(path);
    else if (kind === 'folder') {
      const names = await namesIn(path, walk).catch((error: unknown) =>
        refusedByGit(path, error, 'use --ignored to scan ignored files too'),
      );
      yield* below(path, names, walk, isExcluded);
    } else if (kind === 'file' && !isExcluded(path)) yield path;
  }
}

async function* below(
  folder: string,
  names: readonly string[],
  walk: Walk,
  isExcluded: (path: string) => boolean,
): AsyncGenerator<string, void> {
  for (const name of names) {
    const path = join(folder, name);
    if (isExcluded(path)) continue;
    const kind = await kindOf(path).catch((error: unknown) => {
      // What git knows may have been deleted since.
      const reason = errorCode(error) ?? 'unknown';
      if (reason !== 'ENOENT') walk.onUnreadable(path, reason);
      return 'nothing' as const;
    });
    if (kind === 'file') yield path;
    else if (kind === 'folder' && !passedOver.has(name.split(sep).at(-1) ?? '')) {
      const inside = await namesIn(path, walk).catch((error: unknown) => {
        if (!(error instanceof GitFailed)) throw error;
        walk.onUnreadable(path, error.reason);
        return [];
      });
      yield* below(path, inside, walk, isExcluded);
    }
  }
}

async function kindOf(path: string): Promise<'file' | 'folder' | 'link' | 'nothing'> {
  const about = await lstat(path);
  if (about.isSymbolicLink()) return 'link';
  if (about.isDirectory()) return 'folder';
  return about.isFile() ? 'file' : 'nothing';
}

async function readableKindOf(path: string): ReturnType<typeof kindOf> {
  const kind = await kindOf(path);
  if (kind === 'link') return (await isPipe(path)) ? 'nothing' : 'link';
  await access(path, constants.R_OK);
  return kind;
}

/** The shell's `<(…)` names a link to a pipe. */
async function isPipe(link: string): Promise<boolean> {
  try {
    return (await stat(link)).isFIFO();
  } catch (error) {
    refusal(error);
    return false;
  }
}

/** A pipe or a device that is named must not be passed over in silence. It is read twice, which a pipe cannot be. */
async function refuseSpecial(path: string): Promise<void> {
  const input = await openInput(path, { pipes: false });
  if ('problem' in input) refused(path, input.problem);
  await input.handle.close();
}

function refused(path: string, problem: FileProblem): never {
  const next =
    problem.code === 'no-file'
      ? 'Name files or folders, or - for standard input.'
      : 'Name files or folders that exist and that you may read.';
  throw optionError('OPTION_INVALID', { option: path, problem: describeProblem(problem), next });
}

/** What git would share of a folder; elsewhere everything in it. @throws GitFailed */
async function namesIn(folder: string, { ignored, env, onUnreadable }: Walk): Promise<readonly string[]> {
  const shared = ignored ? undefined : await sharedFiles(folder, env);
  if (shared !== undefined) return shared.map((name) => normalize(name)).toSorted();
  try {
    return (await readdir(folder)).toSorted();
  } catch (error) {
    onUnreadable(folder, errorCode(error) ?? 'unknown');
    return [];
  }
}

/** `*` and `?` stay within a name, `**` does not; a pattern without a slash fits a name anywhere. */
export function matcher(globs: readonly string[]): (path: string) => boolean {
  const patterns = globs.map((glob) => {
    const source = glob
      .replace(/^\.\//, '')
      .replace(/\/$/, '/**')
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replace(/\*\*\/?|\*|\?/g, (wildcard) =>
        wildcard === '*' ? '[^/]*' : wildcard === '?' ? '[^/]' : wildcard === '**' ? '.*' : '(?:.*/)?',
      );
    return new RegExp(glob.includes('/') ? `^${source}$` : `(?:^|/)${source}(?:/|$)`);
  });
  return (path) => {
    const posix = normalize(path).split(sep).join('/');
    return patterns.some((pattern) => pattern.test(posix));
  };
}
