import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { systemError } from '../errors/error-code.js';
import { lstatIfPresent, refuseLinks } from './make-folder.js';
import { makeTemporaryFolder, StagedFile, type TemporaryFolder } from './staged-file.js';

/**
 * A file of secrets (0600) at a place that the user chose, written piece by piece and moved there when it is whole. Until
 * then it lies beside its place in a hidden folder of 0700 that git ignores. If the run is killed, the folder stays there
 * until a later run removes it.
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
   * @param file in an existing folder; an existing file is replaced in the end
   * @throws errors of the system; ELOOP if a symbolic link is in the way, EEXIST if something other than a file is
   */
  static async create(file: string): Promise<PrivateFile> {
    await refuseLinks(file);
    const present = await lstatIfPresent(file);
    if (present?.isFile() === false) throw systemError(present.isSymbolicLink() ? 'ELOOP' : 'EEXIST');
    const folder = await makeTemporaryFolder(dirname(file));
    try {
      // A plain write is enough: the folder is new, and nothing reads this file before it is whole.
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

  /** Moves the file to its place. */
  async commit(): Promise<void> {
    await this.#staged.replace(this.#file);
    await this.discard();
  }

  /** Moves the file to its place if nothing exists there. @throws EEXIST */
  async commitNew(): Promise<void> {
    await this.#staged.putNew(this.#file);
    await this.discard();
  }

  /** Removes everything but a file that is in its place. */
  async discard(): Promise<void> {
    await this.#staged.discard();
    await this.#folder.remove();
  }
}
