import { createHash } from 'node:crypto';
import { constants, rmSync } from 'node:fs';
import { chmod, link, lstat, mkdir, open, readdir, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errorCode, systemError } from '../errors/error-code.js';
import { atExit } from './at-exit.js';
import { lifeOf, temporaryHolder, temporaryName } from './holder.js';

const { O_CREAT, O_EXCL, O_WRONLY } = constants;

/** Age of a temporary file that counts as abandoned: a slow fleet may leave hours between two pieces of its tokens. */
const STALE_MS = 24 * 3_600_000;

/** Codes of file systems without hard links (FAT, some network mounts). */
const withoutLinks: ReadonlySet<string> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']);

/**
 * A file that is written under a random name and then renamed to its place, so that the previous file stays whole until
 * then. The name is unique, so the temporary file of a killed run blocks no other process.
 */
export class StagedFile {
  readonly temporary: string;
  readonly mode: number;
  bytes = 0;
  readonly #handle: FileHandle;
  readonly #withdraw: () => void;
  readonly #hash = createHash('sha256');
  #writing: Promise<unknown> = Promise.resolve();
  #digest: Promise<string> | undefined;

  private constructor(temporary: string, mode: number, handle: FileHandle, withdraw: () => void) {
    this.temporary = temporary;
    this.mode = mode;
    this.#handle = handle;
    this.#withdraw = withdraw;
  }

  /** @param folder an existing folder on the file system of the target */
  static async create(folder: string, mode: number): Promise<StagedFile> {
    const temporary = join(folder, temporaryName());
    const withdraw = atExit(() => rmSync(temporary, { force: true }));
    // O_EXCL follows no symbolic link; the mode is 0600 until the content is known to be whole.
    const handle = await open(temporary, O_WRONLY | O_CREAT | O_EXCL, 0o600);
    return new StagedFile(temporary, mode, handle, withdraw);
  }

  /**
   * Appends text, or bytes that the caller no longer changes. The promise settles when the *previous* piece is being
   * written, so that the caller makes the next piece meanwhile.
   */
  async write(content: string | Uint8Array): Promise<void> {
    const piece = typeof content === 'string' ? Buffer.from(content) : content;
    await this.#writing;
    this.#writing = this.#append(piece);
    // The next call or `finish` reports a failure; until then it must not count as unhandled.
    this.#writing.catch(() => undefined);
  }

  async #append(piece: Uint8Array): Promise<void> {
    await this.#handle.appendFile(piece);
    this.#hash.update(piece);
    this.bytes += piece.length;
  }

  /** Flushes the file to the disk and closes it. May be called again. @returns its SHA-256, in hex */
  finish(): Promise<string> {
    this.#digest ??= this.#close();
    return this.#digest;
  }

  async #close(): Promise<string> {
    await this.#writing;
    await this.#handle.chmod(this.mode);
    await this.#handle.sync();
    await this.#handle.close();
    return this.#hash.digest('hex');
  }

  /** Replaces the target, after the file is whole and on the disk. */
  async replace(target: string): Promise<void> {
    await this.finish();
    await rename(this.temporary, target);
  }

  /** Moves the file to a target that must not exist yet. @throws EEXIST */
  async putNew(target: string): Promise<void> {
    await this.finish();
    try {
      // Unlike a rename, a link never replaces a file that another program has created meanwhile.
      await link(this.temporary, target);
    } catch (error) {
      if (!withoutLinks.has(errorCode(error) ?? '')) throw error;
      const isTaken = await lstat(target).then(
        () => true,
        () => false,
      );
      if (isTaken) throw systemError('EEXIST', 'link');
      await rename(this.temporary, target);
    }
  }

  /** Closes and removes the temporary file. A file that is in its place stays. */
  async discard(): Promise<void> {
    await this.#writing.catch(() => undefined);
    await this.#handle.close().catch(() => undefined);
    await rm(this.temporary, { force: true }).catch(() => undefined);
    this.#withdraw();
  }
}

/**
 * Replaces a file, or creates it: whole or not at all.
 *
 * @param mode its permissions, e.g. `0o644`
 * @throws errors of the system
 */
export async function replaceFile(file: string, content: string | Uint8Array, mode: number): Promise<void> {
  await stage(file, content, mode, (staged) => staged.replace(file));
}

/** Creates a file whole, or keeps an existing one. @throws errors of the system */
export async function createFile(file: string, content: string, mode: number): Promise<void> {
  await stage(file, content, mode, (staged) => staged.putNew(file)).catch((error: unknown) => {
    if (errorCode(error) !== 'EEXIST') throw error;
  });
}

async function stage(
  file: string,
  content: string | Uint8Array,
  mode: number,
  commit: (staged: StagedFile) => Promise<void>,
): Promise<void> {
  await removeStale(dirname(file));
  const staged = await StagedFile.create(dirname(file), mode);
  try {
    await staged.write(content);
    await commit(staged);
  } finally {
    await staged.discard();
  }
}

/** A folder (0700) that is removed by its user, or when the process exits. */
export interface TemporaryFolder {
  readonly path: string;
  remove(): Promise<void>;
}

/** Makes a temporary folder, after removing those that killed processes have left in the same place. */
export async function makeTemporaryFolder(parent: string): Promise<TemporaryFolder> {
  await removeStale(parent);
  const path = join(parent, temporaryName());
  const withdraw = atExit(() => rmSync(path, { recursive: true, force: true }));
  await mkdir(path, { mode: 0o700 });
  // A umask may have removed the owner's own rights.
  await chmod(path, 0o700);
  return {
    path,
    remove: async () => {
      await rm(path, { recursive: true, force: true });
      withdraw();
    },
  };
}

/**
 * Removes the temporary files and folders of killed processes, because no other program would ever remove them and the
 * secrets in them. Those of a running process stay. If this process cannot tell whether another one runs, its files stay
 * until they have not changed for a day.
 */
export async function removeStale(folder: string): Promise<void> {
  for (const name of await namesIn(folder)) {
    const holder = temporaryHolder(name);
    if (holder === undefined) continue;
    const life = lifeOf(holder);
    const path = join(folder, name);
    try {
      if (life === 'dead' || (life === 'unknown' && Date.now() - (await lastWritten(path)) > STALE_MS)) {
        await rm(path, { recursive: true, force: true });
      }
    } catch (error) {
      // Another process has removed it, or it belongs to another user.
      if (!['EACCES', 'EPERM', 'ENOENT'].includes(errorCode(error) ?? '')) throw error;
    }
  }
}

/** Empty for a folder that may be written to but not read. */
async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (errorCode(error) === 'EACCES') return [];
    throw error;
  }
}

async function lastWritten(path: string): Promise<number> {
  const stats = await lstat(path);
  const inside = stats.isDirectory() ? await readdir(path) : [];
  const times = await Promise.all(inside.map(async (name) => (await lstat(join(path, name))).mtimeMs));
  return Math.max(stats.mtimeMs, ...times);
}
