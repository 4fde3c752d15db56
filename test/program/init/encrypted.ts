import { generateKeyPair, identityFile } from '../../../src/age/keys.js';
import { encryptedFor } from '../../unit/age/encrypted.js';

/** A text encrypted with a key pair of its own, and the identity as `share keygen` writes it. */
export async function encrypted(
  text: string,
): Promise<{ readonly file: Uint8Array; readonly identity: string }> {
  const pair = await generateKeyPair();
  return { file: await encryptedFor([pair.recipient], text), identity: identityFile(pair, new Date()) };
}
