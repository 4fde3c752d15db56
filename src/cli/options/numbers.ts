import { optionError } from '../../errors/option-error.js';

/**
 * @param option with its dashes, for the message
 * @throws {BiotzPostmanError} OPTION_INVALID where it is not a whole number in this range
 */
export function wholeNumber(
  option: string,
  value: number,
  { min, max }: { min: number; max: number },
): number {
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw optionError('OPTION_INVALID', {
    option,
    problem: `must be a whole number from ${min} to ${max}`,
  });
}
