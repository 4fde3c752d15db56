import { fileError } from './errors.js';
import { rmdirSync, rmSync, unlinkSync } from 'node:fs';
import { chmod, lstat, mkdir, readdir, rename, rm, rmdir, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../errors/error-code.js';
import { atExit } from './at-exit.js';
import { holderName, holderOf, lifeOf, temporaryName } from './holder.js';

/** The lock's name in its folder. It is hidden, so that CI systems do not keep it with the reports. */
export const LOCK = '.biotz-lock';

/** Codes for a folder that does not exist, and for a folder that is not empty. */
const missing = ['ENOENT'];
const inTheWay = ['ENOTEMPTY', 'EEXIST'];

/** Calls of the system that a lock needs; a test replaces them to decide which process takes the next step. */
export const realSystem = {
  chmod,
  holderName,
  lifeOf,
  lstat,
  mkdir,
  readdir,
  rename,
  rm,
  rmdir,
  unlink,
  writeFile,
};
export type LockSystem = typeof realSystem;

/**
 * Keeps other processes out of a folder until it is released.
 *
 * The lock is a folder with one entry, whose name identifies the process that holds it. Each step is one rename, which
 * the system grants to exactly one process. A new lock arrives with its entry in it, because no rename replaces a folder
 * that has an entry. The lock of a dead process is taken over by renaming its entry, which only the first taker finds.
 * This works on every file system with atomic renames, including network file systems.
 */
export class FolderLock {
  readonly #system: LockSystem;
  readonly #lock: string;
  readonly #entry: string;
  readonly #withdraw: () => void;

  private constructor(system: LockSystem, lock: string, entry: string) {
    this.#system = system;
    this.#lock = lock;
    this.#entry = entry;
    this.#withdraw = atExit(() => {
      unlinkSync(entry);
      rmdirSync(lock);
    });
  }

  /**
   * @param folder must exist
   * @throws {BiotzPostmanError} FOLDER_IN_USE; errors of the system
   */
  static async take(folder: string, system: LockSystem = realSystem): Promise<FolderLock> {
    const lock = join(folder, LOCK);
    const own = system.holderName();
    const staged = join(folder, temporaryName(own));
    const withdraw = atExit(() => rmSync(staged, { recursive: true, force: true }));
    try {
      await system.mkdir(staged);
      // Other users may see which process holds the lock, whatever the umask is.
      await system.chmod(staged, 0o755);
      await system.writeFile(join(staged, own), '', { flag: 'wx', mode: 0o600 });
      // Each further turn means that another process has taken or released the lock meanwhile.
      while (!(await putInPlace(system, staged, lock, own)) && !(await takeOver(system, folder, own)));
      return new FolderLock(system, lock, join(lock, own));
    } finally {
      await system.rm(staged, { recursive: true, force: true });
      withdraw();
    }
  }

  async release(): Promise<void> {
    this.#withdraw();
    await ignoring(missing, () => this.#system.unlink(this.#entry));
    // The lock of the next holder may already be in its place.
    await ignoring([...missing, ...inTheWay], () => this.#system.rmdir(this.#lock));
  }
}

/** @returns whether the lock is ours; otherwise another lock exists */
async function putInPlace(system: LockSystem, staged: string, lock: string, own: string): Promise<boolean> {
  try {
    await system.rename(staged, lock);
    return true;
  } catch (error) {
    const code = errorCode(error);
    // A network file system may repeat a rename whose answer was lost, and then find nothing to rename.
    if (code === 'ENOENT' && (await exists(system, join(lock, own)))) return true;
    // Systems have different codes for a folder in the way; a file or link in its place is not ours.
    if (code === 'ENOTDIR' || (!inTheWay.includes(code ?? '') && !(await exists(system, lock)))) throw error;
    return false;
  }
}

/**
 * Takes the place of a dead holder.
 *
 * @returns whether the lock is ours; otherwise it has changed meanwhile
 * @throws {BiotzPostmanError} FOLDER_IN_USE
 */
async function takeOver(system: LockSystem, folder: string, own: string): Promise<boolean> {
  const lock = join(folder, LOCK);
  const names = await ignoring(missing, () => system.readdir(lock));
  if (names === undefined) return false;
  if (names.length === 0) {
    // On Windows, no rename replaces an empty folder.
    await ignoring([...missing, ...inTheWay], () => system.rmdir(lock));
    return false;
  }
  if (names.includes(own)) return true;
  // Sorted, so that all takers try the same entry even if a copied folder has a second one.
  const [first] = names.filter((name) => holderOf(name) !== undefined).toSorted();
  if (first === undefined) throw fileError('FOLDER_IN_USE', { folder, lock });
  for (const { pid, host, life } of names.flatMap((name) => lifeBehind(system, name))) {
    if (life === 'dead') continue;
    const holder = { pid, host, isAlive: life === 'alive' };
    throw fileError('FOLDER_IN_USE', { folder, lock, holder });
  }
  await ignoring(missing, () => system.rename(join(lock, first), join(lock, own)));
  return exists(system, join(lock, own));
}

function lifeBehind(system: LockSystem, name: string) {
  const holder = holderOf(name);
  return holder === undefined ? [] : [{ ...holder, life: system.lifeOf(holder) }];
}

async function ignoring<T>(codes: readonly string[], action: () => Promise<T>): Promise<T | undefined> {
  try {
    return await action();
  } catch (error) {
    if (codes.includes(errorCode(error) ?? '')) return undefined;
    throw error;
  }
}

const exists = async (system: LockSystem, path: string) =>
  (await ignoring(missing, () => system.lstat(path))) !== undefined;
