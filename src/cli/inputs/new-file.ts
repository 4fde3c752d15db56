import { invalidOption } from '../../errors/option-error.js';
import { lstat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errorCode } from '../../errors/error-code.js';
import { readBytes } from '../../files/read-file.js';
import { refuseLinks } from '../../files/make-folder.js';
import { writeError, withWriteErrors } from '../../files/errors.js';
import { PrivateFile } from '../../files/private-file.js';

/**
 * Writes a new file of secrets (0600), whole or not at all. It never replaces a file, which may contain real credentials;
 * an existing file with the same text is accepted.
 *
 * @param option the flag that names the file
 * @throws {BiotzPostmanError} OPTION_INVALID if the file exists with other content; OUTPUT_NOT_WRITTEN
 */
export async function writeNewFile(file: string, text: string, option: string): Promise<void> {
  if (!(await isFree(file))) return requireSame(file, text, option);
  const written = await withWriteErrors(file, () => PrivateFile.create(file));
  try {
    await withWriteErrors(file, () => written.write(text));
    await written.commitNew();
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw writeError(file, error);
    await requireSame(file, text, option);
  } finally {
    await written.discard();
  }
}

async function isFree(file: string): Promise<boolean> {
  await withWriteErrors(file, () => refuseLinks(dirname(file)));
  try {
    await lstat(file);
    return false;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return true;
    throw writeError(file, error);
  }
}

async function requireSame(file: string, text: string, option: string): Promise<void> {
  if (await hasContent(file, text)) return;
  const problem = `would replace ${file}, which may contain real credentials`;
  throw invalidOption(option, problem, 'Choose another place.');
}

async function hasContent(file: string, text: string): Promise<boolean> {
  const expected = Buffer.from(text);
  const read = await readBytes(file, { mostBytes: expected.length, pipes: false });
  // A path that cannot be read (a folder, another user's file) certainly has other content.
  return 'bytes' in read && read.bytes.equals(expected);
}
