import { armor, Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption';
import { Secret } from '../../../src/secret/secret.js';

/** What age encrypts in one piece, and what that takes. */
export const PART = 64 * 1024;
export const ENCRYPTED_PART = PART + 16;

export interface Pair {
  readonly identity: string;
  readonly recipient: string;
}

export async function newPair(): Promise<Pair> {
  const identity = await generateX25519Identity();
  return { identity, recipient: await identityToRecipient(identity) };
}

/** Encrypts with the library, as another program would. */
export async function encryptedFor(
  recipients: readonly string[],
  content: string | Uint8Array,
): Promise<Buffer> {
  const encrypter = new Encrypter();
  for (const recipient of recipients) encrypter.addRecipient(recipient);
  return Buffer.from(await encrypter.encrypt(content));
}

export async function encryptedWith(passphrase: string, content: string, workFactor = 10): Promise<Buffer> {
  const encrypter = new Encrypter();
  encrypter.setPassphrase(passphrase);
  encrypter.setScryptWorkFactor(workFactor);
  return Buffer.from(await encrypter.encrypt(content));
}

export const armored = (file: Uint8Array) => Buffer.from(armor.encode(file));

/** Where the payload begins: behind the header and the 16 bytes of its nonce. */
export function payloadOf(file: Buffer): number {
  return file.indexOf('\n', file.indexOf('\n--- ') + 1) + 1 + 16;
}

/** A copy with one bit changed. */
export function flipped(file: Buffer, at: number): Buffer {
  const copy = Buffer.from(file);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}

export const secrets = (...texts: readonly string[]) => texts.map((text) => new Secret(text));
