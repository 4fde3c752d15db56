import { isBiotzPostmanError } from '../errors/biotz-postman-error.js';
import { defineErrors } from '../errors/define-errors.js';
import { errorCode } from '../errors/error-code.js';

const list = (items: readonly (string | number)[]) => items.join(', ');

export const fileError = defineErrors({
  /** Files of an earlier `generate` that differ from the content that it wrote. */
  OUTPUT_CHANGED: ({ files }: { readonly files: readonly string[] }) => ({
    reason: `Nothing was written, because these files have changed since they were generated: ${list(files)}.`,
    next: 'Keep the changes by writing to another folder with --out, or replace them with --force.',
  }),
  /** A place is taken. `problem` is a clause, e.g. `it is a symbolic link`. */
  OUTPUT_BLOCKED: ({ file, problem }: { readonly file: string; readonly problem: string }) => ({
    reason: `${file} was not written: ${problem}. Nothing was changed.`,
    next: 'Check that file, then run the command again.',
  }),
  /** A file could not be written; `reason` is an errno name such as ENOSPC. */
  OUTPUT_NOT_WRITTEN: ({
    file,
    reason,
    next,
  }: {
    readonly file: string;
    readonly reason: string;
    readonly next?: string;
  }) => ({
    reason: `${file} could not be written (${reason})${next === undefined ? '; an existing file there is unchanged' : ''}.`,
    next:
      next ??
      (reason === 'ELOOP'
        ? 'Symbolic links are not followed: remove the link, or name its target.'
        : 'Check that the folder exists, that you may write to it and that the disk has room.'),
  }),
  /**
   * Another process holds the lock of a folder, or may hold it: `isAlive` is false if it runs on another machine or in
   * another container, where this process cannot see it. No holder: `lock` is not a lock of this program.
   */
  FOLDER_IN_USE: ({
    folder,
    lock,
    holder,
  }: {
    readonly folder: string;
    readonly lock: string;
    readonly holder?: { readonly pid: number; readonly host: string; readonly isAlive: boolean };
  }) => {
    if (holder === undefined) {
      return {
        reason: `${lock} is not a lock of biotz-postman. Whether ${folder} is in use cannot be checked.`,
        next: `Delete ${lock} if you do not need it, or pass a different --report-dir.`,
      };
    }
    const who = `process ${holder.pid} on ${holder.host}`;
    return holder.isAlive
      ? {
          reason: `${folder} is in use: another run (${who}) writes to it.`,
          next: 'Wait until that run ends, or pass a different --report-dir.',
        }
      : {
          reason: `${folder} is locked by another run (${who}). Whether it still runs cannot be checked from here.`,
          next: `If that run has ended, delete ${lock} and try again. Otherwise wait, or pass a different --report-dir.`,
        };
  },
});

/** Turns a refusal of the system into our own error, which names the file and holds nothing of its content. */
export function writeError(file: string, error: unknown): unknown {
  const reason = errorCode(error);
  return reason === undefined || isBiotzPostmanError(error)
    ? error
    : fileError('OUTPUT_NOT_WRITTEN', { file, reason });
}

/** Runs an action that writes a file. @throws {BiotzPostmanError} OUTPUT_NOT_WRITTEN if the system refuses */
export async function withWriteErrors<T>(file: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw writeError(file, error);
  }
}
