import { defineErrors } from '../errors/define-errors.js';

export const snippetError = defineErrors({
  /** A program has no safe way to write a value in a snippet. `problem` is a clause, e.g. `a control character is in it`. */
  SNIPPET_UNWRITABLE: ({
    program,
    value,
    problem,
  }: {
    readonly program: string;
    readonly value: string;
    readonly problem: string;
  }) => ({
    reason: `The ${value} cannot be written for ${program}: ${problem}.`,
    next: 'Use --for node or --for python, which can write everything.',
  }),
});
