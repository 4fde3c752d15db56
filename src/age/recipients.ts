import type { RecipientProblem } from './errors.js';
import { ageError } from './errors.js';
import { Encrypter } from 'age-encryption';
import { looksLikeIdentity } from './identities.js';

/** For more, the header would get larger than what is read again. */
const MOST_RECIPIENTS = 500;

/**
 * Reads recipients, one a line, as age does: empty lines and those that begin with `#` are passed over.
 *
 * @param text of a file of recipients
 * @param from what to call it in a message
 * @throws {BiotzPostmanError} RECIPIENT_INVALID
 */
export function parseRecipients(text: string, from: string): readonly string[] {
  const recipients: string[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    const entry = line.trim();
    if (entry === '' || entry.startsWith('#')) continue;
    recipients.push(parseRecipient(entry, from, index + 1));
  }
  if (recipients.length === 0) throw ageError('RECIPIENT_INVALID', { from, problem: 'empty' });
  return recipients;
}

/**
 * Checks one recipient, `age1…`.
 *
 * @throws {BiotzPostmanError} RECIPIENT_INVALID, without what was given: it may be a private key
 */
export function parseRecipient(text: string, from: string, line?: number): string {
  const problem = problemOf(text);
  if (problem === undefined) return text;
  throw ageError('RECIPIENT_INVALID', { from, ...(line !== undefined && { line }), problem });
}

/** Each recipient once. @throws {BiotzPostmanError} RECIPIENT_INVALID */
export function distinctRecipients(recipients: readonly string[]): readonly string[] {
  const distinct = [...new Set(recipients)];
  if (distinct.length <= MOST_RECIPIENTS) return distinct;
  throw ageError('RECIPIENT_INVALID', { from: '--to', problem: 'too-many' });
}

function problemOf(text: string): RecipientProblem | undefined {
  if (looksLikeIdentity(text)) return 'identity';
  if (/^(ssh-|ecdsa-)/.test(text)) return 'ssh-key';
  try {
    new Encrypter().addRecipient(text);
    return undefined;
  } catch {
    return 'malformed';
  }
}
