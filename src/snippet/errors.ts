import { defineErrors } from '../errors/define-errors.js';

export const snippetError = defineErrors({
  /** A value cannot be written safely for a program. `problem` is a clause, e.g. `it contains a control character`. */
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
    next: 'Use --for node or --for python, which can write every value.',
  }),
});
