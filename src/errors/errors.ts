import type { ErrorArgs, ErrorCode } from '../error-args.js';
import { errorProse } from '../prose/errors.js';

export type { ErrorArgs, ErrorCode };

/**
 * The one error class of the package. Callers switch on `code`; `message` is for people and may change.
 * It has no `cause`: a library's own error may carry the row or body that it stumbled over, and with it a
 * password (csv-parse's `CsvError` does).
 */
export class BiotzPostmanError<C extends ErrorCode = ErrorCode> extends Error {
  override readonly name = 'BiotzPostmanError';
  readonly code: C;
  readonly args: ErrorArgs[C];

  constructor(code: C, args: ErrorArgs[C]) {
    const { reason, next } = errorProse[code](args);
    super(`${reason} ${next}`);
    this.code = code;
    this.args = args;
  }
}

/** Narrows an unknown error to one of ours, optionally with one code. */
export function isBiotzPostmanError<C extends ErrorCode = ErrorCode>(
  error: unknown,
  code?: C,
): error is BiotzPostmanError<C> {
  return error instanceof BiotzPostmanError && (code === undefined || error.code === code);
}
