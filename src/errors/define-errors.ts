import { BiotzPostmanError } from './biotz-postman-error.js';
import type { ArgsOf, Prose } from './biotz-postman-error.js';

type Sentences = Readonly<Record<string, (args: never) => Prose>>;

/** Makes the errors of one folder. Throw what it returns: `throw deviceError('CREDENTIALS_CHANGED', { file })`. */
export interface ErrorMaker<T extends Sentences> {
  <C extends keyof T & string>(code: C, args: ArgsOf<T>[C]): BiotzPostmanError<C, ArgsOf<T>[C]>;
  /** Narrows an unknown error to this folder's error with one code, so that its arguments can be read. */
  is<C extends keyof T & string>(error: unknown, code: C): error is BiotzPostmanError<C, ArgsOf<T>[C]>;
}

/** The arguments of every error that a maker can make, by code. */
export type ErrorArgsOf<M> = M extends ErrorMaker<infer T> ? ArgsOf<T> : never;

/**
 * Defines the errors of one folder: its codes, their arguments, and their sentences. Arguments are facts for
 * the sentence and never hold a secret.
 *
 * @param sentences by code, a function from the arguments to the reason and the next step
 */
export function defineErrors<T extends Sentences>(sentences: T): ErrorMaker<T> {
  const make = <C extends keyof T & string>(code: C, args: ArgsOf<T>[C]) => {
    const sentence = sentences[code];
    if (sentence === undefined) throw new RangeError(`no sentences for ${code}`);
    return new BiotzPostmanError(code, args, (sentence as (args: unknown) => Prose)(args));
  };
  const is = (error: unknown, code: string) => error instanceof BiotzPostmanError && error.code === code;
  return Object.assign(make, { is }) as ErrorMaker<T>;
}
