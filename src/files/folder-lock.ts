import { fileError } from './errors.js';
import { rmdirSync, rmSync, unlinkSync } from 'node:fs';
import { chmod, lstat, mkdir, readdir, rename, rm, rmdir, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../errors/error-code.js';
import { atExit } from './at-exit.js';
import { holderName, holderOf, lifeOf, temporaryName } from './holder.js';

/** The lock's name in its folder. It is hidden, so that CI systems do not keep it with the reports. */
export const LOCK = '.biotz-lock';

/** What the system says of a folder that is not there, or that is not empty. */
const missing = ['ENOENT'];
const inTheWay = ['ENOTEMPTY', 'EEXIST'];

/** What the system does for a lock; a test replaces it to decide which process takes the next step. */
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
 * The lock is a folder with one entry, whose name tells the process that holds it. Each step is one rename, which the
 * system does for exactly one process: a new lock arrives with its entry in it, since no rename replaces a folder that
 * has one; the lock of a dead process is taken over by renaming that process's entry, which only the first taker finds.
 * That holds on every file system whose renames are atomic, network file systems among them.
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
   * @throws {BiotzPostmanError} FOLDER_IN_USE; what the system says if it refuses
   */
  static async take(folder: string, system: LockSystem = realSystem): Promise<FolderLock> {
    const lock = join(folder, LOCK);
    const own = system.holderName();
    const staged = join(folder, temporaryName(own));
    const withdraw = atExit(() => rmSync(staged, { recursive: true, force: true }));
    try {
      await system.mkdir(staged);
      // Whatever the umask is: others may read who holds the lock.
      await system.chmod(staged, 0o755);
      await system.writeFile(join(staged, own), '', { flag: 'wx', mode: 0o600 });
      // Each further turn means that another process took or released the lock meanwhile.
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
    // The next holder's lock may be in its place already.
    await ignoring([...missing, ...inTheWay], () => this.#system.rmdir(this.#lock));
  }
}

/** @returns whether the lock is ours; otherwise there is one already */
async function putInPlace(system: LockSystem, staged: string, lock: string, own: string): Promise<boolean> {
  try {
    await system.rename(staged, lock);
    return true;
  } catch (error) {
    const code = errorCode(error);
    // A network file system may repeat a rename whose answer was lost, and then find nothing to rename.
    if (code === 'ENOENT' && (await exists(system, join(lock, own)))) return true;
    // Which code says that a folder is in the way differs between systems; a file or link in its place is not ours.
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
    // Windows renames nothing to the place of an empty folder.
    await ignoring([...missing, ...inTheWay], () => system.rmdir(lock));
    return false;
  }
  if (names.includes(own)) return true;
  // In this order all takers try the same entry, even if a copied folder has brought a second one.
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
