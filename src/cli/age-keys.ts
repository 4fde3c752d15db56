import type { AgeKeys } from '../device/decrypted-file.js';
import { BiotzPostmanError } from '../errors.js';
import type { Secret } from '../secret/secret.js';
import { readKeyFile } from './key-file.js';
import { knownPassphrase } from './passphrase.js';
import type { Terminal } from './terminal.js';

/** The identity itself, as CI systems keep secrets. */
const VARIABLE = 'BIOTZ_AGE_IDENTITY';

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
  const text = process.env[VARIABLE];
  const identities: Secret[] = [];
  if (files.length > 0 || text !== undefined) {
    // Loaded only here: most files are not encrypted.
    const { looksLikeIdentity, parseIdentities } = await import('../age/identities.js');
    const { identitiesOf, MAX_IDENTITY_BYTES } = await import('../age/identity-file.js');
    for (const file of files) {
      if (looksLikeIdentity(file)) throw notInAnArgument();
      const content = await readKeyFile(file, '--identity', MAX_IDENTITY_BYTES);
      identities.push(...(await identitiesOf(content, file, () => knownPassphrase(file))));
    }
    if (text !== undefined) identities.push(...parseIdentities(text, VARIABLE));
  }
  terminal.redactor.hold(identities.map((identity) => identity.reveal()));
  return { identities, passphrase: () => knownPassphrase(source) };
}

function notInAnArgument(): BiotzPostmanError {
  return new BiotzPostmanError('OPTION_INVALID', {
    option: '--identity',
    problem: 'takes a file, and no private key is ever taken from an argument',
    next: `This one is in your shell history now: make a new one with "biotz-postman share keygen". ${VARIABLE} takes the identity itself.`,
  });
}
