import { optionError } from '../errors/option-error.js';
import type { BiotzPostmanError } from '../errors/biotz-postman-error.js';
import type { ConcurrencyLimit } from './concurrency-limit.js';
import { fixedLimit, VegasLimit } from './concurrency-limit.js';
import type { SendOptions } from './send-devices.js';

/** Options of sending a fleet, through any engine. */
export interface FleetOptions extends Pick<
  SendOptions,
  'ratePerSecond' | 'signal' | 'bail' | 'maxFailures' | 'onStart' | 'onRetry' | 'onState'
> {
  /** How many devices are sent at once; `auto`, the default, adapts to the server. */
  readonly concurrency?: number | 'auto';
  /** How often a device is sent again after a failure that may pass; 2 by default. */
  readonly retries?: number;
}

const DEFAULT_RETRIES = 2;
/** With the longest backoff, this many retries take half an hour for one device. */
const MOST_RETRIES = 100;

export interface FleetBounds {
  /** The most devices at once with `auto`. */
  readonly autoConcurrency: number;
  /** The maximum of `concurrency`. */
  readonly mostConcurrency: number;
}

/**
 * Checks the options and fills in the defaults.
 *
 * @throws {BiotzPostmanError} OPTION_INVALID
 */
export function sendOptions(options: FleetOptions, bounds: FleetBounds): SendOptions {
  const { concurrency = 'auto', retries = DEFAULT_RETRIES, ratePerSecond, maxFailures, ...rest } = options;
  if (ratePerSecond !== undefined && !(ratePerSecond > 0 && Number.isFinite(ratePerSecond)))
    throw invalid('ratePerSecond', 'must be a number above 0');
  const isCount = Number.isInteger(maxFailures) || maxFailures === Number.POSITIVE_INFINITY;
  if (maxFailures !== undefined && !(isCount && maxFailures > 0))
    throw invalid('maxFailures', 'must be a whole number above 0, or Infinity');
  if (!(Number.isInteger(retries) && retries >= 0 && retries <= MOST_RETRIES))
    throw invalid('retries', `must be a whole number from 0 to ${MOST_RETRIES}`);
  return {
    ...rest,
    limit: limitFor(concurrency, bounds),
    retries,
    ...(ratePerSecond !== undefined && { ratePerSecond }),
    ...(maxFailures !== undefined && { maxFailures }),
  };
}

function limitFor(
  concurrency: number | 'auto',
  { autoConcurrency, mostConcurrency }: FleetBounds,
): ConcurrencyLimit {
  if (concurrency === 'auto') return new VegasLimit(autoConcurrency);
  if (Number.isInteger(concurrency) && concurrency >= 1 && concurrency <= mostConcurrency)
    return fixedLimit(concurrency);
  throw invalid('concurrency', `must be auto, or a whole number from 1 to ${mostConcurrency}`);
}

function invalid(option: string, problem: string): BiotzPostmanError {
  return optionError('OPTION_INVALID', { option, problem });
}
