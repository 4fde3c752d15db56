import { createHash, randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { lstat, open, readdir, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';

const { O_CREAT, O_EXCL, O_WRONLY } = constants;

/** Nobody writes for so long without a pause: a temporary file that old belongs to a run that was killed. */
const STALE_MS = 3_600_000;

/** Whether a file's name is one that {@link StagedFile} gives. */
const isTemporary = (name: string) => /^\.biotz-[0-9a-f]{16}\.tmp$/.test(name);

/**
 * A file that is written under a random name, so that what is in its place stays whole until a rename puts
 * the new one there. The temporary file of a killed run is in nobody's way.
 */
export class StagedFile {
  readonly temporary: string;
  readonly mode: number;
  bytes = 0;
  readonly #handle: FileHandle;
  readonly #hash = createHash('sha256');
  #writing: Promise<unknown> = Promise.resolve();
  #digest: Promise<string> | undefined;

  private constructor(temporary: string, mode: number, handle: FileHandle) {
    this.temporary = temporary;
    this.mode = mode;
    this.#handle = handle;
  }

  /** @param folder an existing folder on the file system where the file belongs */
  static async create(folder: string, mode: number): Promise<StagedFile> {
    const temporary = join(folder, `.biotz-${randomBytes(8).toString('hex')}.tmp`);
    // O_EXCL follows no symbolic link; 0600 until the content is known to be whole.
    const handle = await open(temporary, O_WRONLY | O_CREAT | O_EXCL, 0o600);
    return new StagedFile(temporary, mode, handle);
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

  /** Closes and removes the temporary file; one that has been renamed stays. */
  async discard(): Promise<void> {
    await this.#writing.catch(() => undefined);
    await this.#handle.close().catch(() => undefined);
    await rm(this.temporary, { force: true }).catch(() => undefined);
  }
}

/** Removes temporary files of runs that were killed: nobody else would ever remove them, and the secrets in them. */
export async function removeStale(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!isTemporary(name)) continue;
    const file = join(folder, name);
    // One of another run may be in its place by now.
    const { mtimeMs } = await lstat(file).catch(() => ({ mtimeMs: Infinity }));
    if (Date.now() - mtimeMs > STALE_MS) await rm(file, { force: true });
  }
}
