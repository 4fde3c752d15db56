import { ReadableStream } from 'node:stream/web';
import { armor, Encrypter } from 'age-encryption';
import { readAtMost } from '../files/read-file.js';
import type { Secret } from '../secret/secret.js';
import { MAX_ARMOR_BYTES } from './decrypt.js';

/** Readers of an encrypted file: the owners of some identities, or people who know a passphrase. age allows no mixture. */
export type Audience = { readonly recipients: readonly string[] } | { readonly passphrase: Secret };

/**
 * Encrypts with age, in its binary form.
 *
 * @param chunks errors of this source are rethrown
 * @param audience recipients that `parseRecipient` has checked
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

/** An encrypted file in ASCII armor; `undefined` if that would be larger than {@link decrypt} accepts. */
export async function enarmor(file: AsyncIterable<Uint8Array>): Promise<string | undefined> {
  // Armor takes four characters for three bytes, and line breaks.
  const bytes = await readAtMost(file, (MAX_ARMOR_BYTES * 3) / 4);
  const text = bytes && armor.encode(bytes);
  return text !== undefined && text.length <= MAX_ARMOR_BYTES ? text : undefined;
}
