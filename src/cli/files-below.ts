import { constants } from 'node:fs';
import { access, lstat, readdir } from 'node:fs/promises';
import { join, normalize, sep } from 'node:path';
import { errorCode } from '../error-code.js';
import { BiotzPostmanError } from '../errors.js';
import { git, GitFailed } from './git.js';

/** Folders that nobody shares: what git itself and npm keep there. They are looked into where they are named. */
const passedOver: ReadonlySet<string> = new Set(['.git', 'node_modules']);

export interface Walk {
  /** Globs of paths to pass over. */
  readonly exclude: readonly string[];
  /** Whether to look also at what git ignores. */
  readonly ignored: boolean;
  /** Told of what could not be read, and why. */
  readonly onUnreadable: (path: string, reason: string) => void;
  /** Told of symbolic links that were named: they are not followed. */
  readonly onLink: (path: string) => void;
}

/**
 * The files that paths name: themselves, and what lies below folders. In a git work tree that is what git would share:
 * not what it ignores, unless the folder itself is ignored.
 *
 * @throws {BiotzPostmanError} OPTION_INVALID where a path is not there, or not to be read
 */
export async function* filesBelow(paths: readonly string[], walk: Walk): AsyncGenerator<string, void> {
  const isExcluded = matcher(walk.exclude);
  for (const path of paths) {
    const kind = await readableKindOf(path).catch((error: unknown) => {
      const problem = `cannot be read (${errorCode(error) ?? 'unknown'})`;
      const next = 'Name files or folders that are there.';
      throw new BiotzPostmanError('OPTION_INVALID', { option: path, problem, next });
    });
    if (kind === 'link') walk.onLink(path);
    else if (kind === 'folder') yield* below(path, walk, isExcluded);
    else if (kind === 'file' && !isExcluded(path)) yield path;
  }
}

async function* below(
  folder: string,
  walk: Walk,
  isExcluded: (path: string) => boolean,
): AsyncGenerator<string, void> {
  const names = (walk.ignored ? undefined : await sharedBy(folder)) ?? (await namesIn(folder, walk));
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
      yield* below(path, walk, isExcluded);
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
  if (kind !== 'link') await access(path, constants.R_OK);
  return kind;
}

async function namesIn(folder: string, { onUnreadable }: Walk): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).toSorted();
  } catch (error) {
    onUnreadable(folder, errorCode(error) ?? 'unknown');
    return [];
  }
}

/** What git knows below a folder, or would if it were added; `undefined` where git has no say in it. */
async function sharedBy(folder: string): Promise<readonly string[] | undefined> {
  try {
    const list = await git(['ls-files', '-z', '--cached', '--others', '--exclude-standard'], folder);
    const names = new Set(list.split('\0').filter((name) => name !== ''));
    // Somebody who names a folder that is ignored means it.
    if (names.size === 0 && (await isIgnored(folder))) return undefined;
    return [...names].map((name) => normalize(name)).toSorted();
  } catch (error) {
    // No git, or no work tree of its.
    if (error instanceof GitFailed) return undefined;
    throw error;
  }
}

async function isIgnored(folder: string): Promise<boolean> {
  return git(['check-ignore', '-q', '.'], folder).then(
    () => true,
    () => false,
  );
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
