import { optionError } from '../../errors/option-error.js';
import { ageError } from '../../age/errors.js';
import type { AgeKeys } from '../../device/source/decrypted-file.js';
import type { BiotzPostmanError } from '../../errors/biotz-postman-error.js';
import { reasonOf, type FileProblem } from '../../files/file-problem.js';
import { readBytes } from '../../files/read-file.js';
import type { Secret } from '../../secret/secret.js';
import { knownPassphrase } from './passphrase.js';
import type { Terminal } from '../terminal/terminal.js';

/** The identity itself, as CI systems keep secrets. */
const VARIABLE = 'BIOTZ_AGE_IDENTITY';

/** Far more identities than anybody has; it is to notice a wrong file. */
const MAX_IDENTITY_BYTES = 1_000_000;

/** The options that identities come from. */
export interface KeyArguments {
  readonly identity?: readonly string[] | undefined;
}

/**
 * What opens a file that age encrypted: the identities of `--identity` and BIOTZ_AGE_IDENTITY, all of which are
 * tried, and a passphrase, which is asked for only when one is needed.
 *
 * @param source what the file is called
 * @throws {BiotzPostmanError} IDENTITY_INVALID, KEY_FILE_NOT_READABLE, OPTION_INVALID
 */
export async function keysFrom(
  { identity: files = [] }: KeyArguments,
  source: string,
  terminal: Terminal,
): Promise<Required<AgeKeys>> {
  const text = terminal.io.env[VARIABLE];
  const identities: Secret[] = [];
  if (files.length > 0 || text !== undefined) {
    // Loaded only here: most files are not encrypted.
    const { looksLikeIdentity, parseIdentities } = await import('../../age/keys.js');
    const { identitiesOf } = await import('../../age/keys.js');
    for (const file of files) {
      if (looksLikeIdentity(file)) throw notInAnArgument();
      const read = await readBytes(file, { mostBytes: MAX_IDENTITY_BYTES });
      if ('problem' in read) throw unreadable(file, read.problem);
      identities.push(...(await identitiesOf(read.bytes, file, () => knownPassphrase(file, terminal.io))));
    }
    if (text !== undefined) identities.push(...parseIdentities(text, VARIABLE));
  }
  terminal.redactor.hold(identities.map((identity) => identity.reveal()));
  return { identities, passphrase: () => knownPassphrase(source, terminal.io) };
}

function unreadable(file: string, problem: FileProblem): BiotzPostmanError {
  return problem.code === 'too-large'
    ? ageError('IDENTITY_INVALID', { from: file, problem: 'too-large' })
    : ageError('KEY_FILE_NOT_READABLE', {
        option: '--identity',
        file,
        reason: reasonOf(problem),
      });
}

function notInAnArgument(): BiotzPostmanError {
  return optionError('OPTION_INVALID', {
    option: '--identity',
    problem: 'takes a file, and no private key is ever taken from an argument',
    next: `This one is in your shell history now: make a new one with "biotz-postman share keygen". ${VARIABLE} takes the identity itself.`,
  });
}
