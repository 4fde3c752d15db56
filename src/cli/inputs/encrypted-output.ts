import { fileError, withWriteErrors } from '../../files/errors.js';
import { optionError } from '../../errors/option-error.js';
import { lstat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { recogniseContent } from '../../files/content.js';
import { errorCode } from '../../errors/error-code.js';
import { reasonOf } from '../../files/file-problem.js';
import { readHead } from '../../files/read-file.js';
import { removeStale, StagedFile } from '../../files/staged-file.js';

/**
 * A file to be encrypted into. What is written lies beside its place, encrypted, until it is whole.
 *
 * Its mode is 0644: it is made to be given away, and whoever has no identity can read nothing in it.
 */
export class EncryptedOutput {
  readonly #file: string;
  readonly #force: boolean;
  readonly #staged: StagedFile;

  private constructor(file: string, force: boolean, staged: StagedFile) {
    this.#file = file;
    this.#force = force;
    this.#staged = staged;
  }

  /** @throws {BiotzPostmanError} OUTPUT_NOT_WRITTEN */
  static async create(file: string, force: boolean): Promise<EncryptedOutput> {
    return withWriteErrors(file, async () => {
      await removeStale(dirname(file));
      return new EncryptedOutput(file, force, await StagedFile.create(dirname(file), 0o644));
    });
  }

  /** @throws {BiotzPostmanError} OUTPUT_NOT_WRITTEN */
  write(content: string | Uint8Array): Promise<void> {
    return withWriteErrors(this.#file, () => this.#staged.write(content));
  }

  /** Puts the file into its place. @throws {BiotzPostmanError} OPTION_INVALID, OUTPUT_NOT_WRITTEN */
  async commit(): Promise<void> {
    await withWriteErrors(this.#file, () => this.#staged.finish());
    await requireReplaceable(this.#file, this.#force);
    await withWriteErrors(this.#file, () => this.#staged.replace(this.#file));
  }

  /** Leaves nothing behind where it was not put into its place. */
  discard(): Promise<void> {
    return this.#staged.discard();
  }
}

/**
 * Whatever is in the way stays, unless it is encrypted itself and --force says so: the plain credentials file would
 * be lost.
 *
 * @throws {BiotzPostmanError} OPTION_INVALID, OUTPUT_NOT_WRITTEN
 */
export async function requireReplaceable(file: string, force: boolean): Promise<void> {
  const present = await withWriteErrors(file, () => contentOf(file));
  if (present === undefined) return;
  const isEncrypted = present === 'age';
  if (isEncrypted && force) return;
  throw optionError('OPTION_INVALID', {
    option: '--out',
    problem: `would replace ${file}${isEncrypted ? '' : ', which is no encrypted file'}`,
    next: isEncrypted ? 'Choose another place, or replace it with --force.' : 'Choose another place.',
  });
}

/** What stands at a place; `undefined` where nothing does. */
async function contentOf(file: string): Promise<string | undefined> {
  try {
    // A link is somebody else's, wherever it leads.
    if (!(await lstat(file)).isFile()) return 'no file';
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
  const read = await readHead(file);
  if ('bytes' in read) return recogniseContent(read.bytes).kind;
  throw fileError('OUTPUT_NOT_WRITTEN', { file, reason: reasonOf(read.problem) });
}
