import { randomBytes } from 'node:crypto';
import { constants, fstatSync, ftruncateSync, writeSync } from 'node:fs';
import { lstat, open, rename, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errorCode } from '../error-code.js';
import { makeFolder } from '../files/make-folder.js';
import { notWritten } from '../files/not-written.js';

const { O_APPEND, O_CREAT, O_EXCL, O_NOFOLLOW, O_RDWR } = constants;

/** For a journal that exists already. */
export const APPENDING = O_RDWR | O_APPEND | O_NOFOLLOW;

/** Each time that we are overtaken, another run has got its journal; nobody starts so many at once. */
const MOST_TRIES = 1000;

/**
 * Creates a file of 0600 whatever the umask, and moves one that is there to `<name>.previous.ndjson`. Other processes
 * may do the same at the same moment: each gets a file of its own, and the last one keeps the name.
 */
export async function createAside(file: string): Promise<FileHandle> {
  await makeFolder(dirname(file));
  for (let tries = 0; ; tries++) {
    try {
      return await createPrivate(file);
    } catch (error) {
      if (errorCode(error) !== 'EEXIST' || tries === MOST_TRIES) throw error;
      await moveAside(file);
    }
  }
}

/** A new file beside another one, to take its place by a rename. */
export async function createBeside(
  file: string,
): Promise<{ readonly handle: FileHandle; readonly temporary: string }> {
  const temporary = join(dirname(file), `.biotz-${randomBytes(8).toString('hex')}.tmp`);
  return { handle: await createPrivate(temporary), temporary };
}

async function createPrivate(file: string): Promise<FileHandle> {
  const handle = await open(file, O_RDWR | O_APPEND | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
  await handle.chmod(0o600);
  return handle;
}

async function moveAside(file: string): Promise<void> {
  try {
    // A folder of that name is somebody else's.
    if ((await lstat(file)).isDirectory()) throw systemError('EISDIR');
    await rename(file, previous(file));
  } catch (error) {
    // Another run was quicker.
    if (errorCode(error) !== 'ENOENT') throw error;
  }
}

const previous = (file: string) => `${file.replace(/\.ndjson$/, '')}.previous.ndjson`;

/**
 * Appends whole lines or nothing: where the system refuses a part of them, the file is cut back.
 *
 * @param size how long the file is known to be
 * @returns how long it is now
 * @throws {BiotzPostmanError} OUTPUT_NOT_WRITTEN, with EBUSY where somebody else has written to it
 */
export function appendWhole(fd: number, file: string, text: string, size: number): number {
  const bytes = Buffer.from(text);
  try {
    // Two runs that go on from one journal would send devices twice and spoil it for both.
    if (fstatSync(fd).size !== size) throw systemError('EBUSY');
    for (let written = 0; written < bytes.length;) written += appendPiece(fd, bytes, written, size);
    return size + bytes.length;
  } catch (error) {
    throw notWritten(file, error);
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

/** A refusal of ours, shaped like one of the system. */
export const systemError = (code: string) => Object.assign(new Error(code), { code });
