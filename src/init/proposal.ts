import { isUtf8 } from 'node:buffer';
import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import type { BiotzPostmanError } from '../errors/biotz-postman-error.js';
import { errorCode } from '../errors/error-code.js';
import { fileError, withWriteErrors } from '../files/errors.js';
import { describeProblem } from '../files/file-problem.js';
import { readBytes } from '../files/read-file.js';

/** A file as `init` would write it. */
interface Wanted {
  /** Below the repository's root, with `/` between the parts. */
  readonly path: string;
  readonly text: string;
  readonly mode: number;
}

/** The proposal for one file. */
export type Proposal = Wanted &
  (
    | { readonly status: 'new' }
    | { readonly status: 'unchanged' }
    /** `amended`: the present content stays and something is added; `replaced`: it is overwritten. */
    | { readonly status: 'amended' | 'replaced' | 'kept'; readonly present: PresentFile }
  );

/** Proposes a file whose present content stays. */
export function proposeAddition(path: string, text: string, present: PresentFile | undefined): Proposal {
  if (present === undefined) return { path, text, mode: 0o644, status: 'new' };
  const wanted = { path, text, mode: present.mode };
  return present.text === text
    ? { ...wanted, status: 'unchanged' }
    : { ...wanted, status: 'amended', present };
}

/**
 * Proposes a file of ours as a whole. If the present file differs, a user edited it or wrote it: it is kept unless `force`.
 *
 * @param executable whether it is a program; a program without permission to run is amended
 */
export function proposeFile(
  path: string,
  text: string,
  present: PresentFile | undefined,
  { force, executable = false }: { readonly force: boolean; readonly executable?: boolean },
): Proposal {
  const wanted = { path, text, mode: executable ? 0o755 : 0o644 };
  if (present === undefined) return { ...wanted, status: 'new' };
  // Git for Windows may have changed the line ends, which only programs must not have.
  const asWritten = executable ? present.text : present.text.replaceAll('\r\n', '\n');
  if (asWritten !== text) return { ...wanted, status: force ? 'replaced' : 'kept', present };
  return executable && (present.mode & 0o111) === 0
    ? { ...wanted, status: 'amended', present }
    : { ...wanted, status: 'unchanged' };
}

/** Whether a file must be written. */
export function isToBeWritten({ status }: Proposal): boolean {
  return status === 'new' || status === 'amended' || status === 'replaced';
}

/** A file that exists already. */
export interface PresentFile {
  readonly text: string;
  /** Its permissions, e.g. `0o644`. */
  readonly mode: number;
}

/** Limit on a present file. Every proposed file is far shorter. In bytes. */
const LONGEST_BYTES = 1024 * 1024;

/**
 * Reads a present file.
 *
 * @param folder the output folder; its own path may contain links
 * @param path below it, with `/` between the parts
 * @returns `undefined` if nothing exists there
 * @throws {BiotzPostmanError} OUTPUT_BLOCKED if a part of the path is a symbolic link or not a folder, or if the file is
 *   not a text file
 */
export async function readPresent(folder: string, path: string): Promise<PresentFile | undefined> {
  const parts = path.split('/');
  for (const at of parts.keys()) {
    const place = join(folder, ...parts.slice(0, at + 1));
    const stats = await withWriteErrors(place, () => statsPlace(place));
    if (stats === undefined) return undefined;
    if (stats.isSymbolicLink()) throw blocked(place, 'it is a symbolic link');
    if (at < parts.length - 1) {
      if (!stats.isDirectory()) throw blocked(place, 'it is not a folder');
      continue;
    }
    if (!stats.isFile()) throw blocked(place, 'it exists and is not a file');
    const read = await readBytes(place, { mostBytes: LONGEST_BYTES, pipes: false });
    if ('problem' in read) throw blocked(place, `the existing file ${describeProblem(read.problem)}`);
    // Content that stays must stay the same to the byte.
    if (!isUtf8(read.bytes)) throw blocked(place, 'the existing file is not UTF-8 text');
    return { text: read.bytes.toString(), mode: stats.mode & 0o777 };
  }
  return undefined;
}

async function statsPlace(place: string) {
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
