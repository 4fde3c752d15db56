import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { Secret } from '../secret/secret.js';

/** A key pair of age. */
export interface KeyPair {
  /** The private key, `AGE-SECRET-KEY-1…`. */
  readonly identity: Secret;
  /** The public key, `age1…`: whoever has it can encrypt for the identity. */
  readonly recipient: string;
}

/** Makes a key pair of X25519, the kind that every version of age reads. */
export async function generateKeyPair(): Promise<KeyPair> {
  const identity = await generateX25519Identity();
  return { identity: new Secret(identity), recipient: await identityToRecipient(identity) };
}

/**
 * The text of an identity file, as age-keygen writes it.
 *
 * @param createdAt when the key was made
 * @see age-keygen(1)
 */
export function identityFile({ identity, recipient }: KeyPair, createdAt: Date): string {
  const created = createdAt.toISOString().replace(/\.\d+Z$/, 'Z');
  return `# created: ${created}\n# public key: ${recipient}\n${identity.reveal()}\n`;
}
