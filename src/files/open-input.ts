import { constants, type BigIntStats } from 'node:fs';
import { open, stat, type FileHandle } from 'node:fs/promises';
import { isatty } from 'node:tty';
import { errorCode } from '../errors/error-code.js';
import type { FileProblem } from './file-problem.js';

/** How long a named pipe may wait for its writer: a shell opens it as it starts the program that writes. */
const WRITER_WAIT_MS = 10_000;

export interface InputOptions {
  /** `false`: only a regular file is taken, and nothing else is waited for. Default: true. */
  readonly pipes?: boolean;
  /** How long a named pipe may wait for its writer, in milliseconds. */
  readonly writerWaitMs?: number;
}

/** An open file, or what can be read only once: a pipe, such as the shell's `<(…)`, or a terminal. */
export interface OpenInput {
  readonly handle: FileHandle;
  readonly isFile: boolean;
  readonly stats: BigIntStats;
}

/**
 * Opens a file that the user named. It is looked at first: to open a device may have effects, or wait for ever.
 *
 * @throws what is no refusal of the system
 */
export async function openInput(
  path: string,
  { pipes = true, writerWaitMs = WRITER_WAIT_MS }: InputOptions = {},
): Promise<OpenInput | { readonly problem: FileProblem }> {
  try {
    const named = await stat(path, { bigint: true });
    const isFifo = named.isFIFO();
    if (named.isDirectory()) return noFile('folder');
    if (named.isSocket()) return noFile('socket');
    if (isFifo && !pipes) return noFile('pipe');
    const handle = isFifo ? await openFifo(path, writerWaitMs) : await openAtOnce(path);
    if (handle === undefined) return { problem: { code: 'no-writer', waitedMs: writerWaitMs } };
    const stats = await handle.stat({ bigint: true });
    if (stats.isFile() || (pipes && (stats.isFIFO() || isatty(handle.fd))))
      return { handle, isFile: stats.isFile(), stats };
    await handle.close();
    return noFile(stats.isDirectory() ? 'folder' : stats.isFIFO() ? 'pipe' : 'device');
  } catch (error) {
    return { problem: refusal(error) };
  }
}

/** @throws what is no refusal of the system */
export function refusal(error: unknown): FileProblem {
  const errno = errorCode(error);
  if (errno === undefined) throw error;
  return { code: 'refused', errno };
}

const noFile = (kind: 'folder' | 'device' | 'socket' | 'pipe') =>
  ({ problem: { code: 'no-file', kind } }) as const;

/** A file may have become a pipe or a device since it was looked at. */
const openAtOnce = (path: string) => open(path, constants.O_RDONLY | constants.O_NONBLOCK);

/** Opening a named pipe waits for a writer. @returns `undefined` if none came in time */
async function openFifo(path: string, waitMs: number): Promise<FileHandle | undefined> {
  const opening = open(path, 'r');
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => (timer = setTimeout(resolve, waitMs, undefined)));
  try {
    const handle = await Promise.race([opening, late]);
    if (handle !== undefined) return handle;
  } finally {
    clearTimeout(timer);
  }
  // The call above occupies a thread until somebody opens the other end, and the process could not exit.
  const writer = await open(path, constants.O_WRONLY | constants.O_NONBLOCK);
  await (await opening).close();
  await writer.close();
  return undefined;
}
