import { invalidOption } from '../../errors/option-error.js';
import type { FleetOptions } from '../../fleet/fleet-options.js';
import { wholeNumber } from './values.js';
import { fileReporters, type FileReporterName } from '../../report/write-reports.js';
import type { ResumeMode } from '../../journal/journal.js';

/** Command line options of sending a fleet. */
export interface FleetArguments {
  readonly concurrency: string;
  readonly rate?: string | undefined;
  readonly retries: number;
  readonly maxFailures?: string | undefined;
  readonly bail?: boolean | undefined;
}

/**
 * @param devices number of devices, for a percentage of failures; absent to check only the options
 * @param most the most devices at once
 * @throws {BiotzPostmanError} OPTION_INVALID
 */
export function fleetOptions(
  { concurrency, rate, retries, maxFailures, bail }: FleetArguments,
  { devices, most }: { readonly devices?: number; readonly most: number },
): FleetOptions {
  const ratePerSecond = readRate(rate);
  const failures = readMaxFailures(maxFailures, devices);
  return {
    concurrency: readConcurrency(concurrency, most),
    retries: wholeNumber('--retries', retries, { min: 0, max: 100 }),
    bail: bail === true,
    ...(ratePerSecond !== undefined && { ratePerSecond }),
    ...(failures !== undefined && { maxFailures: failures }),
  };
}

const seconds: Readonly<Record<string, number>> = { s: 1, sec: 1, m: 60, min: 60, h: 3600 };

/**
 * Reads `--rate`: `50/s`, `600/m`, `1000/h`, or a number per second.
 *
 * @returns attempts per second
 * @throws {BiotzPostmanError} OPTION_INVALID
 */
function readRate(rate: string | undefined): number | undefined {
  if (rate === undefined) return undefined;
  const [, count = '', unit = 's'] = /^(\d+(?:\.\d+)?)(?:\/([a-z]+))?$/.exec(rate.trim()) ?? [];
  const perSecond = Number(count) / (seconds[unit] ?? Number.NaN);
  if (perSecond > 0 && perSecond <= 1_000_000) return perSecond;
  throw invalidOption('--rate', 'must be like 50/s, 600/m or 1000/h');
}

/**
 * Reads `--concurrency`.
 *
 * @throws {BiotzPostmanError} OPTION_INVALID
 */
function readConcurrency(concurrency: string, most: number): number | 'auto' {
  if (concurrency === 'auto') return 'auto';
  const count = /^\d{1,9}$/.test(concurrency) ? Number(concurrency) : 0;
  if (count >= 1 && count <= most) return count;
  throw invalidOption('--concurrency', `must be auto, or a whole number from 1 to ${most}`);
}

/**
 * Reads `--max-failures`: a number of devices, or a percentage of them.
 *
 * @param devices number of devices, for a percentage; absent to check only the option
 * @returns the number of failures that end the run; `Infinity` for 100%
 * @throws {BiotzPostmanError} OPTION_INVALID
 */
function readMaxFailures(maxFailures: string | undefined, devices = 1): number | undefined {
  if (maxFailures === undefined) return undefined;
  const [, count, percent] = /^(?:(\d{1,9})|(\d{1,3}(?:\.\d+)?)%)$/.exec(maxFailures.trim()) ?? [];
  if (count !== undefined && Number(count) > 0) return Number(count);
  if (Number(percent) === 100) return Number.POSITIVE_INFINITY;
  // Rounded first, because 7% of 100 is 7.000000000000001 in floating point.
  const failures = Math.ceil(Number(((devices * Number(percent)) / 100).toFixed(6)));
  if (Number(percent) > 0 && Number(percent) < 100) return Math.max(1, failures);
  throw invalidOption('--max-failures', 'must be a number of devices above 0, or a percentage up to 100%');
}

const reporterNames = ['cli', ...Object.keys(fileReporters)];

/** The reports to write. */
export interface Reporters {
  /** The summary on standard output. */
  readonly cli: boolean;
  readonly files: readonly FileReporterName[];
}

/**
 * @param values of `--reporters`: each is a name, or several separated by commas
 * @throws {BiotzPostmanError} OPTION_INVALID for an unknown name
 */
export function reportersFrom(values: readonly string[]): Reporters {
  const wanted = new Set(values.flatMap((value) => value.split(',')).map((name) => name.trim()));
  const files = [...wanted].filter(isFileReporter);
  if ([...wanted].some((name) => !reporterNames.includes(name))) {
    const problem = `takes only ${reporterNames.join(', ')}`;
    throw invalidOption('--reporters', problem);
  }
  return { cli: wanted.has('cli'), files };
}

const isFileReporter = (name: string): name is FileReporterName => Object.hasOwn(fileReporters, name);

/** @throws {BiotzPostmanError} OPTION_INVALID */
export function readResume(value: string | undefined): ResumeMode | undefined {
  if (value === undefined || value === 'rest' || value === 'failed') return value;
  // BIOTZ_RESUME=true
  if (value === 'true') return 'rest';
  throw invalidOption('--resume', 'takes no value, or "failed"');
}
