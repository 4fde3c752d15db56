import { BiotzPostmanError } from '../errors/biotz-postman-error.js';
import { defineErrors } from '../errors/define-errors.js';
import { errorCode } from '../errors/error-code.js';

const remedies: Readonly<Record<string, string>> = {
  ENOENT: 'Check that it exists, then run the command again.',
  EACCES: 'Check its permissions, then run the command again.',
  EPERM: 'Check its permissions, then run the command again.',
  EROFS: 'Choose a writable place.',
  ENOSPC: 'Make room on the disk, then run the command again.',
  EDQUOT: 'Make room on the disk, then run the command again.',
  EMFILE: 'Raise the number of open files (ulimit -n), then run the command again.',
  ENFILE: 'Close other programs, then run the command again.',
  ENOMEM: 'Close other programs, then run the command again.',
  EAGAIN: 'Raise the number of processes (ulimit -u), or close other programs.',
};

export const cliError = defineErrors({
  CONFIG_INVALID: ({ file, problem }: { readonly file: string; readonly problem: string }) => ({
    reason: `${file}: ${problem}.`,
    next: 'Correct the config file, or give the option on the command line.',
  }),
  /** The operating system refused a system call. `reason` is an errno name, `file` the argument of the call. */
  SYSTEM_REFUSED: ({
    call,
    reason,
    file,
  }: {
    readonly call: string;
    readonly reason: string;
    readonly file?: string;
  }) =>
    call === 'uv_cwd'
      ? {
          reason: `The working folder cannot be read (${reason}).`,
          next: 'It may have been deleted. Change to an existing folder, then run the command again.',
        }
      : {
          reason: `The system refused the call "${call}"${file === undefined ? '' : ` for ${file}`} (${reason}).`,
          next:
            remedies[reason] ?? 'Fix that, then run the command again; --verbose shows where it happened.',
        },
});

/**
 * Gives a name to an error of the operating system that no other code has named; `undefined` for any other error. The
 * result keeps the stack, which shows where the error happened.
 */
export function systemRefusal(error: unknown): BiotzPostmanError | undefined {
  const reason = errorCode(error);
  if (reason === undefined || !(error instanceof Error) || error instanceof BiotzPostmanError)
    return undefined;
  // Node's own errors (ERR_…) also have codes, but no system call.
  const { syscall: call, path: file } = error as NodeJS.ErrnoException;
  if (call === undefined) return undefined;
  const refusal = cliError('SYSTEM_REFUSED', {
    call,
    reason,
    ...(file !== undefined && { file }),
  });
  if (error.stack !== undefined) refusal.stack = error.stack;
  return refusal;
}
