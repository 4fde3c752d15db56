import type { Stats } from 'node:fs';
import { lstat, mkdir } from 'node:fs/promises';
import { dirname, resolve, sep } from 'node:path';
import { errorCode, systemError } from '../errors/error-code.js';

/**
 * Makes a folder and its missing parents. Whatever the umask is, only their owner may write to them.
 *
 * @returns the first folder that was made; `undefined` if all existed
 * @throws errors of the system; ELOOP as {@link refuseLinks}
 */
export async function makeFolder(folder: string, mode: 0o700 | 0o755 = 0o755): Promise<string | undefined> {
  await refuseLinks(folder);
  return mkdir(folder, { recursive: true, mode });
}

/**
 * Refuses a place to write to if a symbolic link leads away from it. Below the working folder every link is refused,
 * since it may have come with a repository. Elsewhere a link is refused in a folder that all users can write to, unless
 * the folder's owner made it. A user who may write to a folder in between can still put a link there afterwards.
 *
 * @throws an error shaped like one of the system, with ELOOP
 */
export async function refuseLinks(place: string): Promise<void> {
  const workingFolder = resolve();
  for (const path of withAncestors(resolve(place))) {
    const present = await lstatIfPresent(path);
    if (present === undefined) return;
    if (!present.isSymbolicLink()) continue;
    const isBelow = path.startsWith(workingFolder.endsWith(sep) ? workingFolder : `${workingFolder}${sep}`);
    if (isBelow || (await isPlanted(dirname(path), present.uid))) throw systemError('ELOOP');
  }
}

/** The file, folder or link itself at a path; `undefined` if nothing exists there. */
export async function lstatIfPresent(path: string): Promise<Stats | undefined> {
  try {
    return await lstat(path);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** The rule of Linux' `protected_symlinks`, which the kernel applies to the last part of a path only. */
async function isPlanted(folder: string, owner: number): Promise<boolean> {
  const { mode, uid } = await lstat(folder);
  return (mode & 0o002) !== 0 && uid !== owner;
}

/** From the root down. */
function withAncestors(path: string): string[] {
  const above = dirname(path);
  return above === path ? [path] : [...withAncestors(above), path];
}
