import { Encrypter } from 'age-encryption';
import { generateKeyPair, identityFile } from '../../src/age/key-pair.js';

/** A text encrypted with a key pair of its own, and the identity as `share keygen` writes it. */
export async function encrypted(
  text: string,
): Promise<{ readonly file: Uint8Array; readonly identity: string }> {
  const pair = await generateKeyPair();
  const encrypter = new Encrypter();
  encrypter.addRecipient(pair.recipient);
  return { file: await encrypter.encrypt(text), identity: identityFile(pair, new Date()) };
}
