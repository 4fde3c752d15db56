import { optionError } from '../../errors/option-error.js';
import { fileReporters, type FileReporterName } from '../../report/write-reports.js';

const names = ['cli', ...Object.keys(fileReporters)];

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
  if ([...wanted].some((name) => !names.includes(name))) {
    const problem = `takes only ${names.join(', ')}`;
    throw optionError('OPTION_INVALID', { option: '--reporters', problem });
  }
  return { cli: wanted.has('cli'), files };
}

const isFileReporter = (name: string): name is FileReporterName => Object.hasOwn(fileReporters, name);
