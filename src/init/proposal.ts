import { isUtf8 } from 'node:buffer';
import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import type { BiotzPostmanError } from '../errors/biotz-postman-error.js';
import { errorCode } from '../errors/error-code.js';
import { fileError, withWriteErrors } from '../files/errors.js';
import { describeProblem } from '../files/file-problem.js';
import { readBytes } from '../files/read-file.js';

/** A file as `init` wants it to be. */
interface Wanted {
  /** Below the repository's root, with `/` between the parts. */
  readonly path: string;
  readonly text: string;
  readonly mode: number;
}

/** What is proposed for one file. */
export type Proposal = Wanted &
  (
    | { readonly status: 'new' }
    | { readonly status: 'unchanged' }
    /** `amended`: what is there stays and something is added; `replaced`: it goes. */
    | { readonly status: 'amended' | 'replaced' | 'kept'; readonly present: PresentFile }
  );

/** Files whose present content is part of what is proposed. */
export function proposeAddition(path: string, text: string, present: PresentFile | undefined): Proposal {
  if (present === undefined) return { path, text, mode: 0o644, status: 'new' };
  const wanted = { path, text, mode: present.mode };
  return present.text === text
    ? { ...wanted, status: 'unchanged' }
    : { ...wanted, status: 'amended', present };
}

/**
 * A whole file of ours. One that differs was changed by a person, or is another one: it is kept unless `force`.
 *
 * @param executable whether it is a program; one that git may not run is amended
 */
export function proposeFile(
  path: string,
  text: string,
  present: PresentFile | undefined,
  { force, executable = false }: { readonly force: boolean; readonly executable?: boolean },
): Proposal {
  const wanted = { path, text, mode: executable ? 0o755 : 0o644 };
  if (present === undefined) return { ...wanted, status: 'new' };
  // Git for Windows may have given it other line ends; a shell cannot read those.
  const asWritten = executable ? present.text : present.text.replaceAll('\r\n', '\n');
  if (asWritten !== text) return { ...wanted, status: force ? 'replaced' : 'kept', present };
  return executable && (present.mode & 0o111) === 0
    ? { ...wanted, status: 'amended', present }
    : { ...wanted, status: 'unchanged' };
}

/** Whether a file is to be written. */
export function isToBeWritten({ status }: Proposal): boolean {
  return status === 'new' || status === 'amended' || status === 'replaced';
}

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
    const about = await withWriteErrors(place, () => aboutPlace(place));
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
