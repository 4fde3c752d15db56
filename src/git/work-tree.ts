import { lstat, realpath } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import { errorCode } from '../errors/error-code.js';

/** A path as the git work tree around it has it. */
export interface InWorkTree {
  /** The work tree's folder, with no symbolic link in it. */
  readonly workTree: string;
  /** The path below that, with `/` between the parts. */
  readonly path: string;
}

/**
 * The git work tree that a path lies in, found as git does: by a `.git` in a folder above. Starts no program. The
 * inside of a `.git` is in no work tree.
 *
 * @param path where something is or will be; its folder, too, may be missing yet
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

/** Where a path really is, with no symbolic link in it, also while its end does not exist. */
async function realPlace(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    const folder = dirname(path);
    if (errorCode(error) !== 'ENOENT' || folder === path) throw error;
    return join(await realPlace(folder), basename(path));
  }
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
