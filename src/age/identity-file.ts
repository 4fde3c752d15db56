import { BiotzPostmanError } from '../errors.js';
import type { Secret } from '../secret/secret.js';
import { decrypt } from './decrypt.js';
import type { Keys } from './header.js';
import type { IdentityProblem } from './identities.js';
import { parseIdentities } from './identities.js';
import { held } from './repeatable.js';
import { Undecryptable } from './undecryptable.js';

/** Far more identities than anybody has; it is to notice a wrong file. */
export const MAX_IDENTITY_BYTES = 2 ** 20;

/**
 * The identities of a file, which may itself be encrypted with a passphrase (`age -p`), with armour or without.
 *
 * @param content the whole file, or its beginning where it is larger than {@link MAX_IDENTITY_BYTES}
 * @param file its name
 * @throws {BiotzPostmanError} IDENTITY_INVALID
 */
export async function identitiesOf(
  content: Buffer,
  file: string,
  passphrase: Keys['passphrase'],
): Promise<readonly Secret[]> {
  const invalid = (problem: IdentityProblem) =>
    new BiotzPostmanError('IDENTITY_INVALID', { from: file, problem });
  if (content.length > MAX_IDENTITY_BYTES) throw invalid('too-large');
  const start = content.toString('latin1', 0, 32);
  const isArmored = start.startsWith('-----BEGIN AGE');
  if (!isArmored && !start.startsWith('age-encryption.org/'))
    return parseIdentities(content.toString(), file);
  try {
    const parts: Buffer[] = [];
    const decrypted = await decrypt(held(content), isArmored, { identities: [], passphrase });
    for await (const part of decrypted.chunks()) parts.push(part);
    return parseIdentities(Buffer.concat(parts).toString(), file);
  } catch (error) {
    if (!(error instanceof Undecryptable)) throw error;
    if (error.code === 'age-key-wrong') throw invalid('passphrase-wrong');
    throw invalid(needsPassphrase(error) ? 'passphrase-missing' : 'undecryptable');
  }
}

const needsPassphrase = ({ code, args }: Undecryptable) =>
  code === 'age-key-missing' && 'needs' in args && args.needs === 'passphrase';
