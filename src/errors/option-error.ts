import { defineErrors } from './define-errors.js';

export const optionError = defineErrors({
  /** An option's value cannot be used. `problem` is a full clause, e.g. `must be a whole number of milliseconds above 0`. */
  OPTION_INVALID: ({
    option,
    problem,
    next,
  }: {
    readonly option: string;
    readonly problem: string;
    readonly next?: string;
  }) => ({
    reason: `${option} ${problem}.`,
    next: next ?? 'Run the command with --help to see its options.',
  }),
});

/** OPTION_INVALID, of which the next step may be left to its default. */
export const invalidOption = (option: string, problem: string, next?: string) =>
  optionError('OPTION_INVALID', { option, problem, ...(next !== undefined && { next }) });
