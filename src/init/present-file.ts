import { fileError, refusing } from '../files/errors.js';
import { isUtf8 } from 'node:buffer';
import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../errors/error-code.js';
import type { BiotzPostmanError } from '../errors/biotz-postman-error.js';
import { describeProblem } from '../files/file-problem.js';
import { readBytes } from '../files/read-file.js';

/** A file that is there already. */
export interface PresentFile {
  readonly text: string;
  /** Its permissions, e.g. `0o644`. */
  readonly mode: number;
}

/** No file that is proposed is longer; this is to notice something else in its place. In bytes. */
const LONGEST_BYTES = 1024 * 1024;

/**
 * Reads what stands in a file's place.
 *
 * @param folder the folder that is written to; links above it are the user's own
 * @param path below it, with `/` between the parts
 * @returns `undefined` where nothing is there
 * @throws {BiotzPostmanError} OUTPUT_BLOCKED where a symbolic link or anything but a folder is on the way, or where
 *   something else than a file of text is in the place
 */
export async function readPresent(folder: string, path: string): Promise<PresentFile | undefined> {
  const parts = path.split('/');
  for (const at of parts.keys()) {
    const place = join(folder, ...parts.slice(0, at + 1));
    const about = await refusing(place, () => aboutPlace(place));
    if (about === undefined) return undefined;
    if (about.isSymbolicLink()) throw blocked(place, 'a symbolic link is there');
    if (at < parts.length - 1) {
      if (!about.isDirectory()) throw blocked(place, 'it is not a folder');
      continue;
    }
    if (!about.isFile()) throw blocked(place, 'something is there that is not a file');
    const read = await readBytes(place, { mostBytes: LONGEST_BYTES, pipes: false });
    if ('problem' in read) throw blocked(place, `the existing file ${describeProblem(read.problem)}`);
    // Whatever stays of it has to stay as it is, to the byte.
    if (!isUtf8(read.bytes)) throw blocked(place, 'the existing file is not UTF-8 text');
    return { text: read.bytes.toString(), mode: about.mode & 0o777 };
  }
  return undefined;
}

async function aboutPlace(place: string) {
  try {
    return await lstat(place);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function blocked(file: string, problem: string): BiotzPostmanError {
  return fileError('OUTPUT_BLOCKED', { file, problem });
}
