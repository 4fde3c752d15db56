import type { IdentityProblem } from './errors.js';
import { ageError } from './errors.js';
import { Decrypter } from 'age-encryption';
import { Secret } from '../secret/secret.js';

/**
 * Reads identities, one a line, as age does: empty lines and those that begin with `#` are passed over.
 *
 * @param text of an identity file, or an identity by itself
 * @param from what to call it in a message
 * @throws {BiotzPostmanError} IDENTITY_INVALID
 */
export function parseIdentities(text: string, from: string): readonly Secret[] {
  const identities: Secret[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    const entry = line.trim();
    if (entry === '' || entry.startsWith('#')) continue;
    const problem = problemOf(entry);
    if (problem !== undefined) throw ageError('IDENTITY_INVALID', { from, line: index + 1, problem });
    identities.push(new Secret(entry));
  }
  if (identities.length === 0) throw ageError('IDENTITY_INVALID', { from, problem: 'empty' });
  return identities;
}

function problemOf(entry: string): IdentityProblem | undefined {
  if (entry.startsWith('AGE-PLUGIN-')) return 'plugin';
  if (/^age1/i.test(entry)) return 'recipient';
  if (/^(ssh-|ecdsa-|-----BEGIN (\w+ )*PRIVATE KEY)/.test(entry)) return 'ssh-key';
  try {
    new Decrypter().addIdentity(entry);
    return undefined;
  } catch {
    // Its message may quote the key.
    return 'malformed';
  }
}

/** Whether somebody gave a private key, or the text of its file, where a name or a public key belongs. */
export const looksLikeIdentity = (text: string) => /^\s*AGE-(SECRET-KEY|PLUGIN)-/im.test(text);
