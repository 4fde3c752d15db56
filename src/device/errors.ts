import { defineErrors } from '../errors/define-errors.js';
import type { Diagnostic } from './diagnostic.js';

export const deviceError = defineErrors({
  /** A credentials file has at least one diagnostic of severity error. */
  CREDENTIALS_INVALID: ({ diagnostics }: { readonly diagnostics: readonly Diagnostic[] }) => {
    const errors = diagnostics.filter(({ severity }) => severity === 'error').length;
    return {
      reason: `The credentials file has ${errors === 1 ? 'one error' : `${errors} errors`}; nothing was sent or written.`,
      next: 'Correct what is named above and try again.',
    };
  },
  /** The credentials file was written to between its validation and its use. */
  CREDENTIALS_CHANGED: ({ file }: { readonly file: string }) => ({
    reason: `${file} was changed while it was being read.`,
    next: 'Let whatever writes it finish, then run the command again.',
  }),
});
