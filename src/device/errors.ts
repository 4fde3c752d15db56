import { defineErrors } from '../errors/define-errors.js';
import type { Diagnostic } from './diagnostic.js';

export const deviceError = defineErrors({
  /** A credentials file has at least one diagnostic of severity error. */
  CREDENTIALS_INVALID: ({ diagnostics }: { readonly diagnostics: readonly Diagnostic[] }) => {
    const errors = diagnostics.filter(({ severity }) => severity === 'error').length;
    return {
      reason: `The credentials file has ${errors === 1 ? 'one error' : `${errors} errors`}; nothing was sent or written.`,
      next: 'Fix the errors above and try again.',
    };
  },
  /** The credentials file was written to between its validation and its use. */
  CREDENTIALS_CHANGED: ({ file }: { readonly file: string }) => ({
    reason: `Another process changed ${file} while it was being read.`,
    next: 'Wait until the other process has written the file, then run the command again.',
  }),
});
