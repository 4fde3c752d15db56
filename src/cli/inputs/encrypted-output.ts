import { fileError, withWriteErrors } from '../../files/errors.js';
import { invalidOption } from '../../errors/option-error.js';
import { lstat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { recogniseContent } from '../../files/content.js';
import { errorCode } from '../../errors/error-code.js';
import { reasonOf } from '../../files/file-problem.js';
import { readHead } from '../../files/read-file.js';
import { removeStale, StagedFile } from '../../files/staged-file.js';

/**
 * An encrypted file. It is written next to its place, and moved there when it is complete.
 *
 * Its mode is 0644: the file is meant to be shared, and is unreadable without an identity.
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

  /** Moves the file to its place. @throws {BiotzPostmanError} OPTION_INVALID, OUTPUT_NOT_WRITTEN */
  async commit(): Promise<void> {
    await withWriteErrors(this.#file, () => this.#staged.finish());
    await requireReplaceable(this.#file, this.#force);
    await withWriteErrors(this.#file, () => this.#staged.replace(this.#file));
  }

  /** Removes the file, unless it was moved to its place. */
  discard(): Promise<void> {
    return this.#staged.discard();
  }
}

/**
 * Refuses to replace an existing file, unless it is encrypted and --force is given: otherwise, the plain credentials file
 * could be lost.
 *
 * @throws {BiotzPostmanError} OPTION_INVALID, OUTPUT_NOT_WRITTEN
 */
export async function requireReplaceable(file: string, force: boolean): Promise<void> {
  const present = await withWriteErrors(file, () => contentOf(file));
  if (present === undefined) return;
  const isEncrypted = present === 'age';
  if (isEncrypted && force) return;
  throw invalidOption(
    '--out',
    `would replace ${file}${isEncrypted ? '' : ', which is not encrypted'}`,
    isEncrypted ? 'Choose another place, or replace it with --force.' : 'Choose another place.',
  );
}

/** The kind of content at a path; `undefined` if nothing exists there. */
async function contentOf(file: string): Promise<string | undefined> {
  try {
    // A link may lead to any file.
    if (!(await lstat(file)).isFile()) return 'not a file';
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
  const read = await readHead(file);
  if ('bytes' in read) return recogniseContent(read.bytes).kind;
  throw fileError('OUTPUT_NOT_WRITTEN', { file, reason: reasonOf(read.problem) });
}
