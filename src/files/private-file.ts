import { lstat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errorCode } from '../errors/error-code.js';
import { refuseLinks } from './make-folder.js';
import { StagedFile, makeTemporaryFolder, type TemporaryFolder } from './staged-file.js';

/**
 * A file of secrets (0600) at a place that somebody chose, written piece by piece and put there when it is whole.
 * Until then it lies beside its place in a hidden folder of 0700 that git ignores, where a killed run leaves it; a
 * later one removes it.
 */
export class PrivateFile {
  readonly #file: string;
  readonly #folder: TemporaryFolder;
  readonly #staged: StagedFile;

  private constructor(file: string, folder: TemporaryFolder, staged: StagedFile) {
    this.#file = file;
    this.#folder = folder;
    this.#staged = staged;
  }

  /**
   * @param file in a folder that exists; a file that is there is replaced in the end
   * @throws what the system says; ELOOP where a symbolic link is in the way, EEXIST where something else than a file is
   */
  static async create(file: string): Promise<PrivateFile> {
    await refuseLinks(file);
    await requireFileOrNothing(file);
    const folder = await makeTemporaryFolder(dirname(file));
    try {
      await writeFile(join(folder.path, '.gitignore'), '*\n', { flag: 'wx', mode: 0o600 });
      return new PrivateFile(file, folder, await StagedFile.create(folder.path, 0o600));
    } catch (error) {
      await folder.remove();
      throw error;
    }
  }

  /** Appends text, as {@link StagedFile.write}. */
  write(text: string): Promise<void> {
    return this.#staged.write(text);
  }

  /** Puts the file into its place. */
  async commit(): Promise<void> {
    await this.#staged.replace(this.#file);
    await this.discard();
  }

  /** Puts the file into its place where nothing is there yet. @throws EEXIST */
  async commitNew(): Promise<void> {
    await this.#staged.putNew(this.#file);
    await this.discard();
  }

  /** Leaves nothing behind but a file that is in its place. */
  async discard(): Promise<void> {
    await this.#staged.discard();
    await this.#folder.remove();
  }
}

async function requireFileOrNothing(file: string): Promise<void> {
  const present = await lstat(file).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  });
  if (present === undefined || present.isFile()) return;
  const code = present.isSymbolicLink() ? 'ELOOP' : 'EEXIST';
  throw Object.assign(new Error(code), { code, syscall: 'lstat' });
}
