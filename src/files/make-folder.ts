import { lstat, mkdir } from 'node:fs/promises';
import { dirname, resolve, sep } from 'node:path';
import { errorCode } from '../errors/error-code.js';

/**
 * Makes a folder and those above it where they are missing: nobody but their owner may write to them, whatever the
 * umask is.
 *
 * @returns the first folder that was made; `undefined`: they were all there
 * @throws what the system says; ELOOP as {@link refuseLinks}
 */
export async function makeFolder(folder: string, mode: 0o700 | 0o755 = 0o755): Promise<string | undefined> {
  await refuseLinks(folder);
  return mkdir(folder, { recursive: true, mode });
}

/**
 * Refuses a place to write to that a symbolic link leads away from. Below the working folder each link counts, since
 * it may have come with a repository; elsewhere one in a folder that is open to all, unless the folder's owner made it.
 * Whoever may write to a folder in between can still put a link there afterwards.
 *
 * @throws an error shaped like one of the system, with ELOOP
 */
export async function refuseLinks(place: string): Promise<void> {
  const workingFolder = resolve();
  for (const path of withAncestors(resolve(place))) {
    const present = await lstat(path).catch((error: unknown) => {
      if (errorCode(error) === 'ENOENT') return undefined;
      throw error;
    });
    if (present === undefined) return;
    if (!present.isSymbolicLink()) continue;
    const isBelow = path.startsWith(workingFolder.endsWith(sep) ? workingFolder : `${workingFolder}${sep}`);
    if (isBelow || (await isPlanted(dirname(path), present.uid))) {
      throw Object.assign(new Error('ELOOP'), { code: 'ELOOP', syscall: 'lstat' });
    }
  }
}

/** The rule of Linux' `protected_symlinks`, which holds for the last part of a path only. */
async function isPlanted(folder: string, owner: number): Promise<boolean> {
  const { mode, uid } = await lstat(folder);
  return (mode & 0o002) !== 0 && uid !== owner;
}

/** From the root down. */
function withAncestors(path: string): string[] {
  const above = dirname(path);
  return above === path ? [path] : [...withAncestors(above), path];
}
