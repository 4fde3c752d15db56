import { createHash } from 'node:crypto';
import { constants, rmSync } from 'node:fs';
import { link, lstat, open, readdir, rename, rm, type FileHandle, chmod, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errorCode } from '../errors/error-code.js';
import { atExit } from './at-exit.js';
import { lifeOf, temporaryHolder, temporaryName } from './holder.js';

const { O_CREAT, O_EXCL, O_WRONLY } = constants;

/** A slow fleet may leave hours between two pieces of its tokens. */
const STALE_MS = 24 * 3_600_000;

/**
 * A file that is written under a random name, so that what is in its place stays whole until a rename puts
 * the new one there. The temporary file of a killed run is in nobody's way.
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

  /** @param folder an existing folder on the file system where the file belongs */
  static async create(folder: string, mode: number): Promise<StagedFile> {
    const temporary = join(folder, temporaryName());
    const withdraw = atExit(() => rmSync(temporary, { force: true }));
    // O_EXCL follows no symbolic link; 0600 until the content is known to be whole.
    const handle = await open(temporary, O_WRONLY | O_CREAT | O_EXCL, 0o600);
    return new StagedFile(temporary, mode, handle, withdraw);
  }

  /**
   * Appends text, or bytes that nobody changes any more. The promise settles when the *previous* piece is on its way to the disk, so that the
   * caller makes one piece while the other is being written.
   */
  async write(content: string | Uint8Array): Promise<void> {
    const piece = typeof content === 'string' ? Buffer.from(content) : content;
    await this.#writing;
    this.#writing = this.#append(piece);
    // The failure is the next call's, or finish's; until then it is not unhandled.
    this.#writing.catch(() => undefined);
  }

  async #append(piece: Uint8Array): Promise<void> {
    await this.#handle.appendFile(piece);
    this.#hash.update(piece);
    this.bytes += piece.length;
  }

  /** Brings the file to the disk and closes it. A second call gives the same. @returns its SHA-256, in hex */
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

  /** Puts the file into its place, whole and on the disk, in exchange for what is there. */
  async replace(target: string): Promise<void> {
    await this.finish();
    await rename(this.temporary, target);
  }

  /** The same where nothing may be there yet. @throws EEXIST */
  async putNew(target: string): Promise<void> {
    await this.finish();
    try {
      // Unlike a rename it never replaces what another program has put there meanwhile.
      await link(this.temporary, target);
    } catch (error) {
      if (!withoutLinks.has(errorCode(error) ?? '')) throw error;
      await requireNothing(target);
      await rename(this.temporary, target);
    }
  }

  /** Closes and removes the temporary file; one that has been renamed stays. */
  async discard(): Promise<void> {
    await this.#writing.catch(() => undefined);
    await this.#handle.close().catch(() => undefined);
    await rm(this.temporary, { force: true }).catch(() => undefined);
    this.#withdraw();
  }
}

/**
 * Writes a file whole or not at all, in exchange for what is there.
 *
 * @param mode its permissions, e.g. `0o644`
 * @throws what the system says
 */
export async function replaceFile(file: string, content: string | Uint8Array, mode: number): Promise<void> {
  await removeStale(dirname(file));
  const staged = await StagedFile.create(dirname(file), mode);
  try {
    await staged.write(content);
    await staged.replace(file);
  } finally {
    await staged.discard();
  }
}

/** What file systems without hard links say (FAT, some that are mounted from elsewhere). */
const withoutLinks: ReadonlySet<string> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']);

async function requireNothing(target: string): Promise<void> {
  const isThere = await lstat(target).then(
    () => true,
    () => false,
  );
  if (isThere) throw Object.assign(new Error('EEXIST'), { code: 'EEXIST', syscall: 'link' });
}

/**
 * Removes the temporary files and folders of processes that were killed: no other program would ever remove them, and
 * the secrets in them. Those of a process that runs stay. If it cannot be seen from here whether it does, they stay
 * until nothing was written to them for a day.
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

/** Nothing for a folder that may be written to and not read. */
async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (errorCode(error) === 'EACCES') return [];
    throw error;
  }
}

async function lastWritten(path: string): Promise<number> {
  const about = await lstat(path);
  const inside = about.isDirectory() ? await readdir(path) : [];
  const times = await Promise.all(inside.map(async (name) => (await lstat(join(path, name))).mtimeMs));
  return Math.max(about.mtimeMs, ...times);
}

/** A folder (0700) that is removed when it is done with, or when the process exits. */
export interface TemporaryFolder {
  readonly path: string;
  remove(): Promise<void>;
}

/** Removes what killed processes have left in the same place, and makes a folder there. */
export async function makeTemporaryFolder(parent: string): Promise<TemporaryFolder> {
  await removeStale(parent);
  const path = join(parent, temporaryName());
  const withdraw = atExit(() => rmSync(path, { recursive: true, force: true }));
  await mkdir(path, { mode: 0o700 });
  // A umask may have taken it from its owner, too.
  await chmod(path, 0o700);
  return {
    path,
    remove: async () => {
      await rm(path, { recursive: true, force: true });
      withdraw();
    },
  };
}
