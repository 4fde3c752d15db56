import { optionError } from '../errors/option-error.js';
import type { BiotzPostmanError } from '../errors/biotz-postman-error.js';
import { hasHiddenCharacters } from '../text/harmless.js';

/** A credentials file that is encrypted with age, by its path in the repository, with `/` between the parts. */
export interface EncryptedFile {
  /** `fleet/devices.csv.age` */
  readonly path: string;
  /** The path of what it was made of: `fleet/devices.csv`. */
  readonly clear: string;
  /** That without its ending: `fleet/devices`. */
  readonly stem: string;
}

/** What GitHub's and GitLab's path patterns, expressions and variables, or gitignore, take for something else. */
const special = /[*?[\]{}!+$\\]/;

/**
 * Holds a path against what the files that are made of it can carry.
 *
 * @param path as the user gave it
 * @throws {BiotzPostmanError} OPTION_INVALID
 */
export function encryptedFile(path: string): EncryptedFile {
  if (path.trim() !== path || hasHiddenCharacters(path)) {
    throw invalid('has spaces around it, or characters in it that cannot be seen');
  }
  if (special.test(path))
    throw invalid(String.raw`has one of * ? [ ] { } ! + $ \ in it, which CI systems take for a pattern`);
  const parts = path.split('/');
  if (path.startsWith('-') || parts.some((part) => part === '' || part === '.' || part === '..')) {
    throw invalid('must be a path in the repository, such as fleet/devices.csv.age');
  }
  const [, clear, stem] = /^((.*[^/])\.(?:csv|tsv|xlsx))\.age$/i.exec(path) ?? [];
  if (clear === undefined || stem === undefined) {
    throw invalid(
      'must end in .csv.age, .tsv.age or .xlsx.age: CI is given the encrypted file, which can be committed',
    );
  }
  return { path, clear, stem };
}

function invalid(problem: string): BiotzPostmanError {
  const next = 'Name the file that "biotz-postman share" writes, for example devices.csv.age.';
  return optionError('OPTION_INVALID', { option: 'DEVICES', problem, next });
}
