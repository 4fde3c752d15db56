import { defineErrors } from '../errors/define-errors.js';
import { errorCode } from '../errors/error-code.js';
import { isBiotzPostmanError } from '../errors/biotz-postman-error.js';

const list = (items: readonly (string | number)[]) => items.join(', ');

export const fileError = defineErrors({
  /** Files of an earlier `generate` that differ from what it wrote. */
  OUTPUT_CHANGED: ({ files }: { readonly files: readonly string[] }) => ({
    reason: `Not written, because somebody changed what is there: ${list(files)}.`,
    next: 'Keep your changes by choosing another folder with --out, or replace them with --force.',
  }),
  /** Something stands where a file belongs. `problem` is a clause, e.g. `a symbolic link is there`. */
  OUTPUT_BLOCKED: ({ file, problem }: { readonly file: string; readonly problem: string }) => ({
    reason: `${file} was not written: ${problem}. Nothing was changed.`,
    next: 'See to what is there, then run the command again.',
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
    reason: `${file} could not be written (${reason})${next === undefined ? '; what was there before is untouched' : ''}.`,
    next:
      next ??
      (reason === 'ELOOP'
        ? 'A symbolic link is in the way, and none is followed: remove it, or name the place that it leads to.'
        : 'Check that the folder exists, that you may write to it and that the disk has room.'),
  }),
  /**
   * Another process holds the lock of a folder, or may hold it: `isAlive` is false if it runs on another machine or in
   * another container, and cannot be seen from here. No holder: `lock` is not a lock of this program.
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

/** Turns what the system refuses into our own error, which names the file and holds nothing of its content. */
export function notWritten(file: string, error: unknown): unknown {
  const reason = errorCode(error);
  return reason === undefined || isBiotzPostmanError(error)
    ? error
    : fileError('OUTPUT_NOT_WRITTEN', { file, reason });
}

/** Does what the system may refuse. @throws {BiotzPostmanError} OUTPUT_NOT_WRITTEN */
export async function refusing<T>(file: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw notWritten(file, error);
  }
}
