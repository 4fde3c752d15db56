import { defineErrors } from '../errors/define-errors.js';

export const newmanError = defineErrors({
  /** The Newman engine could not be started, or ended before it took a device. */
  ENGINE_FAILED: ({ problem }: { readonly problem: string }) => ({
    reason: `Newman could not run: ${problem}.`,
    next: 'Run the command again with --verbose. If the error stays, report it with that output.',
  }),
});
