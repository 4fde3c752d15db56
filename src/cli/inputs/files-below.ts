import { invalidOption } from '../../errors/option-error.js';
import { constants } from 'node:fs';
import { access, lstat, open, readdir, stat } from 'node:fs/promises';
import { join, normalize, sep } from 'node:path';
import { errorCode } from '../../errors/error-code.js';
import { describeProblem, type FileProblem } from '../../files/file-problem.js';
import { openInput, refusal } from '../../files/open-input.js';
import { GitFailed } from '../../git/run.js';
import { sharedFiles } from '../../git/work-tree.js';
import { refusedByGit } from './git-refused.js';
import { chunksOf, type NamedContent } from '../../files/read-file.js';

const { O_NOFOLLOW, O_NONBLOCK, O_RDONLY } = constants;

/** Size of one read. */
export const CHUNK_BYTES = 2 ** 20;

/**
 * The content of a file, read anew for each pass. Symbolic links are not followed. Files of any size are scanned, so this
 * does not use the bounded reader.
 *
 * @param chunk buffer for the bytes; files that are read one after another can share it
 */
export function contentOfFile(path: string, chunk = Buffer.allocUnsafeSlow(CHUNK_BYTES)): NamedContent {
  return {
    name: path,
    async *chunks() {
      // Opening a named pipe must not wait for its writer.
      const handle = await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
      try {
        yield* chunksOf(handle, chunk);
      } finally {
        await handle.close();
      }
    },
  };
}

/** Folders of git and npm that are not shared. They are scanned only if they are named. */
const unsharedFolders: ReadonlySet<string> = new Set(['.git', 'node_modules']);

export interface Walk {
  /** Globs of paths to skip. */
  readonly exclude: readonly string[];
  /** Whether to scan files that git ignores as well. */
  readonly ignored: boolean;
  /** Environment variables for git. */
  readonly env: NodeJS.ProcessEnv;
  /** Called with each path that cannot be read, and the reason. */
  readonly onUnreadable: (path: string, reason: string) => void;
  /** Called with each symbolic link that was named: links are not followed. */
  readonly onLink: (path: string) => void;
}

/**
 * The named files, and the files below named folders. In a git work tree, ignored files are left out, unless the folder
 * itself is ignored.
 *
 * @throws {BiotzPostmanError} OPTION_INVALID if a path does not exist or cannot be read, or if git cannot list the files
 * that it ignores
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
      // A file in git's list may have been deleted since.
      const reason = errorCode(error) ?? 'unknown';
      if (reason !== 'ENOENT') walk.onUnreadable(path, reason);
      return 'nothing' as const;
    });
    if (kind === 'file') yield path;
    else if (kind === 'folder' && !unsharedFolders.has(name.split(sep).at(-1) ?? '')) {
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

/** A named pipe or device must not be skipped silently. Files are read twice, which is impossible for a pipe. */
async function refuseSpecial(path: string): Promise<void> {
  const input = await openInput(path, { pipes: false });
  if ('problem' in input) refused(path, input.problem);
  await input.handle.close();
}

function refused(path: string, problem: FileProblem): never {
  const next =
    problem.code === 'no-file'
      ? 'Name files or folders, or - for standard input.'
      : 'Name existing files or folders that you can read.';
  throw invalidOption(path, describeProblem(problem), next);
}

/** The names in a folder that git would share; everything in it outside of a work tree. @throws GitFailed */
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
