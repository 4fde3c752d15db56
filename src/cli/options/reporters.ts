import { optionError } from '../../errors/option-error.js';
import { fileReporters, type FileReporterName } from '../../report/write-reports.js';

const names = ['cli', ...Object.keys(fileReporters)];

/** Which reports are wanted. */
export interface Reporters {
  /** The summary on standard output. */
  readonly cli: boolean;
  readonly files: readonly FileReporterName[];
}

/**
 * @param values of `--reporters`, each a name or several with commas between them
 * @throws {BiotzPostmanError} OPTION_INVALID for a name that is none
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
