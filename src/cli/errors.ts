import { defineErrors } from '../errors/define-errors.js';

const remedies: Readonly<Record<string, string>> = {
  ENOENT: 'Check that it exists, then run the command again.',
  EACCES: 'Check its permissions, then run the command again.',
  EPERM: 'Check its permissions, then run the command again.',
  EROFS: 'Choose a place that can be written to.',
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
  /** The operating system refused something. `reason` is an errno name, `call` the system call, `file` what it was about. */
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
          next: 'It may have been deleted: change to a folder that exists, then run the command again.',
        }
      : {
          reason: `The system refused the call "${call}"${file === undefined ? '' : ` for ${file}`} (${reason}).`,
          next:
            remedies[reason] ?? 'Fix that, then run the command again; --verbose shows where it happened.',
        },
});
