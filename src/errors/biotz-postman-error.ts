/**
 * The one error class of the package. Callers switch on `code`; `message` is for people and may change.
 * It has no `cause`: a library's own error may carry the row or body that it stumbled over, and with it a
 * password (csv-parse's `CsvError` does).
 */
export class BiotzPostmanError<C extends string = string, A = unknown> extends Error {
  override readonly name = 'BiotzPostmanError';
  readonly code: C;
  readonly args: A;

  constructor(code: C, args: A, { reason, next }: Prose) {
    super(`${reason} ${next}`);
    this.code = code;
    this.args = args;
  }
}

/** Narrows an unknown error to one of this package, optionally with one code. */
export function isBiotzPostmanError<C extends string = string>(
  error: unknown,
  code?: C,
): error is BiotzPostmanError<C> {
  return error instanceof BiotzPostmanError && (code === undefined || error.code === code);
}

/** A sentence about what is wrong, and one about what to do next. */
export interface Prose {
  readonly reason: string;
  readonly next: string;
}

/** Arguments of a code that has none. */
type NoArgs = Readonly<Record<string, never>>;

/** The arguments of each code in a table of sentences: the parameter of its function. */
export type ArgsOf<T> = {
  readonly [C in keyof T]: T[C] extends (args: infer A) => unknown ? (unknown extends A ? NoArgs : A) : never;
};
