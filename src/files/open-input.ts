import { constants, type BigIntStats } from 'node:fs';
import { open, stat, type FileHandle } from 'node:fs/promises';
import { isatty } from 'node:tty';
import { errorCode } from '../errors/error-code.js';
import type { FileProblem } from './file-problem.js';

/** Longest wait for the writer of a named pipe: a shell opens the pipe when it starts the writing program. */
const WRITER_WAIT_MS = 10_000;

export interface InputOptions {
  /** `false`: only a regular file is accepted, and no other kind is waited for. Default: true. */
  readonly pipes?: boolean;
  /** Longest wait for the writer of a named pipe, in milliseconds. */
  readonly writerWaitMs?: number;
}

/** An open file, or an input that can be read only once: a terminal or a pipe, such as the shell's `<(…)`. */
export interface OpenInput {
  readonly handle: FileHandle;
  readonly isFile: boolean;
  readonly stats: BigIntStats;
}

/**
 * Opens a file that the user named. Its kind is checked first: opening a device may have side effects or never return.
 *
 * @throws errors other than a refusal of the system
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

/** @throws the error itself if it is not a refusal of the system */
export function refusal(error: unknown): FileProblem {
  const errno = errorCode(error);
  if (errno === undefined) throw error;
  return { code: 'refused', errno };
}

const noFile = (kind: 'folder' | 'device' | 'socket' | 'pipe') =>
  ({ problem: { code: 'no-file', kind } }) as const;

/** Nonblocking, because the file may have become a pipe or a device since its kind was checked. */
const openAtOnce = (path: string) => open(path, constants.O_RDONLY | constants.O_NONBLOCK);

/** Opening a named pipe waits for a writer. @returns `undefined` if no writer came in time */
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
  // Opening the other end ends the call above. Otherwise it would occupy a thread and keep the process alive.
  const writer = await open(path, constants.O_WRONLY | constants.O_NONBLOCK);
  await (await opening).close();
  await writer.close();
  return undefined;
}
