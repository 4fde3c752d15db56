import { Decrypter, Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption';
import { recogniseContent } from '../files/content.js';
import { decodeText, inMemory, readAtMost } from '../files/read-file.js';
import { Secret } from '../secret/secret.js';
import { decrypt } from './decrypt.js';
import { ageError, type IdentityProblem, type RecipientProblem } from './errors.js';
import type { Keys } from './header.js';
import { Undecryptable } from './undecryptable.js';

/** With more recipients, the header would exceed the size that a reader accepts. */
const MOST_RECIPIENTS = 500;

/** A key pair of age. */
export interface KeyPair {
  /** The private key, `AGE-SECRET-KEY-1…`. */
  readonly identity: Secret;
  /** The public key, `age1…`: its owner's correspondents encrypt with it. */
  readonly recipient: string;
}

/** Makes an X25519 key pair, the kind that every version of age reads. */
export async function generateKeyPair(): Promise<KeyPair> {
  const identity = await generateX25519Identity();
  return { identity: new Secret(identity), recipient: await identityToRecipient(identity) };
}

/**
 * The text of an identity file in the format of age-keygen(1).
 *
 * @param createdAt when the key was made
 */
export function identityFile({ identity, recipient }: KeyPair, createdAt: Date): string {
  const created = createdAt.toISOString().replace(/\.\d+Z$/, 'Z');
  return `# created: ${created}\n# public key: ${recipient}\n${identity.reveal()}\n`;
}

/**
 * Reads identities, one per line.
 *
 * @param text the text of an identity file, or a single identity
 * @param from name of the source, for messages
 * @throws {BiotzPostmanError} IDENTITY_INVALID
 */
export function parseIdentities(text: string, from: string): readonly Secret[] {
  const identities = entriesOf(text).map(({ entry, line }) => {
    const problem = identityProblemOf(entry);
    if (problem !== undefined) throw ageError('IDENTITY_INVALID', { from, line, problem });
    return new Secret(entry);
  });
  if (identities.length === 0) throw ageError('IDENTITY_INVALID', { from, problem: 'empty' });
  return identities;
}

/**
 * Reads the identities of a file. The file may itself be encrypted with a passphrase (`age -p`), armored or binary.
 *
 * @param content the whole file
 * @param file its name, for messages
 * @throws {BiotzPostmanError} IDENTITY_INVALID
 */
export async function identitiesOf(
  content: Buffer,
  file: string,
  passphrase: Keys['passphrase'],
): Promise<readonly Secret[]> {
  const invalid = (problem: IdentityProblem) => ageError('IDENTITY_INVALID', { from: file, problem });
  const recognised = recogniseContent(content.subarray(0, 4096));
  let plain = content;
  if (recognised.kind === 'age') {
    try {
      const decrypted = await decrypt(inMemory(content), recognised.form, { identities: [], passphrase });
      plain = (await readAtMost(decrypted.chunks(), decrypted.bytes)) ?? plain;
    } catch (error) {
      if (!(error instanceof Undecryptable)) throw error;
      if (error.code === 'age-key-wrong') throw invalid('passphrase-wrong');
      if (error.code === 'age-re-encoded') throw invalid('re-encoded');
      throw invalid(needsPassphrase(error) ? 'passphrase-missing' : 'undecryptable');
    }
  }
  const decoded = decodeText(plain);
  if ('problem' in decoded) throw invalid('no-text');
  return parseIdentities(decoded.text, file);
}

const needsPassphrase = ({ code, args }: Undecryptable) =>
  code === 'age-key-missing' && 'needs' in args && args.needs === 'passphrase';

function identityProblemOf(entry: string): IdentityProblem | undefined {
  if (entry.startsWith('AGE-PLUGIN-')) return 'plugin';
  if (/^age1/i.test(entry)) return 'recipient';
  if (/^(ssh-|ecdsa-|-----BEGIN (\w+ )*PRIVATE KEY)/.test(entry)) return 'ssh-key';
  // The library's message may quote the key.
  return isAccepted(() => new Decrypter().addIdentity(entry)) ? undefined : 'malformed';
}

/** Whether a text that should be a name or a public key is a private key, or the text of its file. */
export const looksLikeIdentity = (text: string) => /^\s*AGE-(SECRET-KEY|PLUGIN)-/im.test(text);

/**
 * Reads recipients, one per line.
 *
 * @param text the text of a file of recipients
 * @param from name of the source, for messages
 * @throws {BiotzPostmanError} RECIPIENT_INVALID
 */
export function parseRecipients(text: string, from: string): readonly string[] {
  const recipients = entriesOf(text).map(({ entry, line }) => parseRecipient(entry, from, line));
  if (recipients.length === 0) throw ageError('RECIPIENT_INVALID', { from, problem: 'empty' });
  return recipients;
}

/**
 * Checks one recipient, `age1…`.
 *
 * @throws {BiotzPostmanError} RECIPIENT_INVALID without the given text, which may be a private key
 */
export function parseRecipient(text: string, from: string, line?: number): string {
  const problem = recipientProblemOf(text);
  if (problem === undefined) return text;
  throw ageError('RECIPIENT_INVALID', { from, ...(line !== undefined && { line }), problem });
}

/** Each recipient once. @throws {BiotzPostmanError} RECIPIENT_INVALID */
export function distinctRecipients(recipients: readonly string[]): readonly string[] {
  const distinct = [...new Set(recipients)];
  if (distinct.length <= MOST_RECIPIENTS) return distinct;
  throw ageError('RECIPIENT_INVALID', { from: '--to', problem: 'too-many' });
}

function recipientProblemOf(text: string): RecipientProblem | undefined {
  if (looksLikeIdentity(text)) return 'identity';
  if (/^(ssh-|ecdsa-)/.test(text)) return 'ssh-key';
  return isAccepted(() => new Encrypter().addRecipient(text)) ? undefined : 'malformed';
}

function isAccepted(add: () => void): boolean {
  try {
    add();
    return true;
  } catch {
    return false;
  }
}

/** The lines that hold a key, counted from 1. Like age, this skips empty lines and lines that begin with `#`. */
function entriesOf(text: string): readonly { readonly entry: string; readonly line: number }[] {
  return text
    .split('\n')
    .map((each, index) => ({ entry: each.trim(), line: index + 1 }))
    .filter(({ entry }) => entry !== '' && !entry.startsWith('#'));
}
