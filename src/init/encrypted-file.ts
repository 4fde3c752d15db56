import { optionError } from '../errors/option-error.js';
import type { BiotzPostmanError } from '../errors/biotz-postman-error.js';
import { hasHiddenCharacters } from '../text/harmless.js';

/** A credentials file that is encrypted with age: its path in the repository, with `/` between the parts. */
export interface EncryptedFile {
  /** `fleet/devices.csv.age` */
  readonly path: string;
  /** Path of the unencrypted file: `fleet/devices.csv`. */
  readonly plain: string;
  /** The same without its ending: `fleet/devices`. */
  readonly stem: string;
}

/** Characters that are special in path patterns, expressions and variables of GitHub and GitLab, or in gitignore. */
const special = /[*?[\]{}!+$\\]/;

/**
 * Checks that the files that `init` writes can contain a path.
 *
 * @param path as the user wrote it
 * @throws {BiotzPostmanError} OPTION_INVALID
 */
export function encryptedFile(path: string): EncryptedFile {
  if (path.trim() !== path || hasHiddenCharacters(path)) {
    throw invalid('has spaces around it, or contains invisible characters');
  }
  if (special.test(path))
    throw invalid(String.raw`contains one of * ? [ ] { } ! + $ \, which CI systems read as a pattern`);
  const parts = path.split('/');
  if (path.startsWith('-') || parts.some((part) => part === '' || part === '.' || part === '..')) {
    throw invalid('must be a path in the repository, such as fleet/devices.csv.age');
  }
  const [, plain, stem] = /^((.*[^/])\.(?:csv|tsv|xlsx))\.age$/i.exec(path) ?? [];
  if (plain === undefined || stem === undefined) {
    throw invalid(
      'must end in .csv.age, .tsv.age or .xlsx.age: CI uses the encrypted file, which can be committed',
    );
  }
  return { path, plain, stem };
}

function invalid(problem: string): BiotzPostmanError {
  const next = 'Name the file that "biotz-postman share" writes, for example devices.csv.age.';
  return optionError('OPTION_INVALID', { option: 'DEVICES', problem, next });
}
