import { defineErrors } from '../errors/define-errors.js';

export const standInError = defineErrors({
  /** The embedded platform could not listen. */
  SERVER_NOT_STARTED: ({
    port,
    reason,
  }: {
    readonly host: string;
    readonly port: number;
    readonly reason: string;
  }) => ({
    reason: `The embedded platform could not listen on port ${port} (${reason}).`,
    next: 'Choose another port, or --port 0 for a free one. Check --host if you set it.',
  }),
});
