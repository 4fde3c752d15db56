import { constants, ftruncateSync, writeSync } from 'node:fs';
import { lstat, open, rename, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errorCode, systemError } from '../errors/error-code.js';
import { temporaryName } from '../files/holder.js';
import { makeFolder } from '../files/make-folder.js';
import { writeError } from '../files/errors.js';

const { O_APPEND, O_CREAT, O_EXCL, O_NOFOLLOW, O_RDWR } = constants;

/** For a journal that exists already. */
export const APPENDING = O_RDWR | O_APPEND | O_NOFOLLOW;

/** Creates a file of 0600 whatever the umask, and moves one that is there to `<name>.previous.ndjson`. */
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
    // A folder of that name is not ours.
    if ((await lstat(file)).isDirectory()) throw systemError('EISDIR');
    await rename(file, previous(file));
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
  }
}

const previous = (file: string) => `${file.replace(/\.ndjson$/, '')}.previous.ndjson`;

/**
 * Appends whole lines or nothing: where the system refuses a part of them, the file is cut back.
 *
 * @param size how long the file is known to be
 * @returns how long it is now
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
    // One call; only a disk that is nearly full takes less than all of it.
    return writeSync(fd, bytes, from);
  } catch (error) {
    ftruncateSync(fd, size);
    throw error;
  }
}
