import type { IdentityProblem } from './errors.js';
import { ageError } from './errors.js';
import { recogniseContent } from '../files/content.js';
import { decodeText } from '../files/decode-text.js';
import type { Secret } from '../secret/secret.js';
import { decrypt } from './decrypt.js';
import type { Keys } from './header.js';
import { parseIdentities } from './identities.js';
import { held } from './repeatable.js';
import { Undecryptable } from './undecryptable.js';

/**
 * The identities of a file, which may itself be encrypted with a passphrase (`age -p`), with armour or without.
 *
 * @param content the whole file
 * @param file its name
 * @throws {BiotzPostmanError} IDENTITY_INVALID
 */
export async function identitiesOf(
  content: Buffer,
  file: string,
  passphrase: Keys['passphrase'],
): Promise<readonly Secret[]> {
  const invalid = (problem: IdentityProblem) => ageError('IDENTITY_INVALID', { from: file, problem });
  const recognised = recogniseContent(content.subarray(0, 4096));
  if (recognised.kind !== 'age') return identitiesIn(content, file);
  try {
    const parts: Buffer[] = [];
    const decrypted = await decrypt(held(content), recognised.form, { identities: [], passphrase });
    for await (const part of decrypted.chunks()) parts.push(part);
    return identitiesIn(Buffer.concat(parts), file);
  } catch (error) {
    if (!(error instanceof Undecryptable)) throw error;
    if (error.code === 'age-key-wrong') throw invalid('passphrase-wrong');
    if (error.code === 'age-re-encoded') throw invalid('re-encoded');
    throw invalid(needsPassphrase(error) ? 'passphrase-missing' : 'undecryptable');
  }
}

function identitiesIn(content: Buffer, file: string): readonly Secret[] {
  const decoded = decodeText(content);
  if ('text' in decoded) return parseIdentities(decoded.text, file);
  throw ageError('IDENTITY_INVALID', { from: file, problem: 'no-text' });
}

const needsPassphrase = ({ code, args }: Undecryptable) =>
  code === 'age-key-missing' && 'needs' in args && args.needs === 'passphrase';
