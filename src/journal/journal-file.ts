import { constants, ftruncateSync, writeSync } from 'node:fs';
import { lstat, open, rename, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errorCode, systemError } from '../errors/error-code.js';
import { temporaryName } from '../files/holder.js';
import { makeFolder } from '../files/make-folder.js';
import { writeError } from '../files/errors.js';

const { O_APPEND, O_CREAT, O_EXCL, O_NOFOLLOW, O_RDWR } = constants;

/** Flags to open an existing journal. */
export const APPENDING = O_RDWR | O_APPEND | O_NOFOLLOW;

/** Creates a file of mode 0600 whatever the umask, and renames an existing one to `<name>.previous.ndjson`. */
export async function createAside(file: string): Promise<FileHandle> {
  await makeFolder(dirname(file));
  await moveAside(file);
  return createPrivate(file);
}

/** A new journal beside an old one. Not a StagedFile, because it stays open for appending after its rename. */
export async function createBeside(
  file: string,
): Promise<{ readonly handle: FileHandle; readonly temporary: string }> {
  const temporary = join(dirname(file), temporaryName());
  return { handle: await createPrivate(temporary), temporary };
}

async function createPrivate(file: string): Promise<FileHandle> {
  const handle = await open(file, O_RDWR | O_APPEND | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
  await handle.chmod(0o600);
  return handle;
}

async function moveAside(file: string): Promise<void> {
  try {
    // No run of this program creates a folder of that name.
    if ((await lstat(file)).isDirectory()) throw systemError('EISDIR');
    await rename(file, previous(file));
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
  }
}

const previous = (file: string) => `${file.replace(/\.ndjson$/, '')}.previous.ndjson`;

/**
 * Appends whole lines or nothing: if the system refuses a part of them, the file is cut back.
 *
 * @param size length of the file before
 * @returns length of the file after
 * @throws {BiotzPostmanError} OUTPUT_NOT_WRITTEN
 */
export function appendWhole(fd: number, file: string, text: string, size: number): number {
  const bytes = Buffer.from(text);
  try {
    for (let written = 0; written < bytes.length;) written += appendPiece(fd, bytes, written, size);
    return size + bytes.length;
  } catch (error) {
    throw writeError(file, error);
  }
}

function appendPiece(fd: number, bytes: Buffer, from: number, size: number): number {
  try {
    // One call writes everything, unless the disk is nearly full.
    return writeSync(fd, bytes, from);
  } catch (error) {
    ftruncateSync(fd, size);
    throw error;
  }
}
