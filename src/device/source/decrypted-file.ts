import { deviceError } from '../errors.js';
import type { Decrypted } from '../../age/decrypt.js';
import type { Keys } from '../../age/header.js';
import type { AgeForm } from '../../files/content.js';
import { Undecryptable } from '../../age/undecryptable.js';
import { Secret } from '../../secret/secret.js';
import { type CredentialsFile, readWhole, refuse } from './credentials-file.js';

/** The keys that decrypt a credentials file. */
export interface AgeKeys {
  /** Each `AGE-SECRET-KEY-1…`, or the text of an identity file, which may have several. */
  readonly identities?: readonly (string | Secret)[];
  /** Asked for the passphrase if the file needs one; `undefined`: the user has none. */
  readonly passphrase?: () => Promise<Secret | undefined>;
}

/**
 * Opens an encrypted file. It is read once to its end, which proves it whole, before any of its content is handed on. The
 * content is never written to a disk.
 *
 * @throws CREDENTIALS_INVALID with a diagnostic whose code begins with `age-`; IDENTITY_INVALID; CREDENTIALS_CHANGED
 */
export async function decryptedFile(
  file: CredentialsFile,
  form: AgeForm,
  { identities = [], passphrase = async () => undefined }: AgeKeys,
): Promise<CredentialsFile> {
  // Loaded only for a file that needs it.
  const { parseIdentities } = await import('../../age/keys.js');
  const { decrypt } = await import('../../age/decrypt.js');
  const keys: Keys = {
    identities: identities.flatMap((identity, index) =>
      parseIdentities(identity instanceof Secret ? identity.reveal() : identity, `identities[${index}]`),
    ),
    passphrase,
  };
  const content: Decrypted = await decrypt(file, form, keys).catch((error: unknown) => {
    if (error instanceof Undecryptable) refuse(file.name, error.code, error.args);
    throw error;
  });

  /** @throws CREDENTIALS_CHANGED */
  async function* chunks(): AsyncGenerator<Buffer, void> {
    try {
      yield* content.chunks();
    } catch (error) {
      // The first pass found it whole, so the file has changed since.
      throw error instanceof Undecryptable ? deviceError('CREDENTIALS_CHANGED', { file: file.name }) : error;
    }
  }

  return {
    name: file.name,
    head: async () => {
      for await (const chunk of chunks()) return chunk.subarray(0, 4096);
      return Buffer.alloc(0);
    },
    chunks,
    whole: () => readWhole(content.bytes, chunks()),
    close: () => file.close(),
  };
}
