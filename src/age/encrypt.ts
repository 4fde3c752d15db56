import { ReadableStream } from 'node:stream/web';
import { Encrypter } from 'age-encryption';
import type { Secret } from '../secret/secret.js';

/** Who can read what is encrypted: those who have an identity, or those who know a passphrase; age takes no mixture. */
export type Audience = { readonly recipients: readonly string[] } | { readonly passphrase: Secret };

/**
 * Encrypts with age, in its binary form.
 *
 * @param chunks what the source throws is thrown on
 * @param audience recipients have been checked by `parseRecipient`
 */
export async function* encrypt(
  chunks: AsyncIterable<Uint8Array>,
  audience: Audience,
): AsyncGenerator<Uint8Array, void> {
  const encrypter = new Encrypter();
  if ('passphrase' in audience) encrypter.setPassphrase(audience.passphrase.reveal());
  else for (const recipient of audience.recipients) encrypter.addRecipient(recipient);
  yield* await encrypter.encrypt(ReadableStream.from(chunks));
}
