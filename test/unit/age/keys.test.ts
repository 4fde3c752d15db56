import { describe, expect, test } from '@jest/globals';
import { generateHybridIdentity, identityToRecipient } from 'age-encryption';
import {
  identitiesOf,
  parseIdentities,
  generateKeyPair,
  identityFile,
  distinctRecipients,
  parseRecipients,
} from '../../../src/age/keys.js';
import { isBiotzPostmanError } from '../../../src/errors/biotz-postman-error.js';
import { armored, encryptedFor, encryptedWith, newPair, secrets } from './encrypted.js';

const { identity, recipient } = await newPair();
const noPassphrase = async () => undefined;

/** The arguments of the error that is thrown; neither they nor its message may hold a key. */
async function argsOf(action: () => unknown): Promise<object> {
  const error = await Promise.resolve()
    .then(action)
    .then(() => undefined)
    .catch((thrown: unknown) => thrown);
  if (!isBiotzPostmanError(error)) throw error ?? new Error('nothing was thrown');
  if (/AGE-SECRET-KEY-1\w{6}/i.test(`${error.message} ${JSON.stringify(error.args)}`))
    throw new Error('a key is in the error');
  return error.args as object;
}

const reveal = (all: ReturnType<typeof parseIdentities>) => all.map((each) => each.reveal());

describe('identities', () => {
  test('are read as age reads them: one per line, with comments and empty lines, and any line breaks', async () => {
    const other = await generateHybridIdentity();
    const text = `# created: today\r\n# public key: ${recipient}\r\n${identity}\r\n\r\n  ${other}  \n`;
    expect(reveal(parseIdentities(text, 'keys'))).toEqual([identity, other]);
  });

  test.each<[string, string, object]>([
    ['nothing', '', { problem: 'empty' }],
    ['only comments', '# public key: age1\n', { problem: 'empty' }],
    ['a recipient', `# mine\n${recipient}\n`, { line: 2, problem: 'recipient' }],
    ['an SSH key', '-----BEGIN OPENSSH PRIVATE KEY-----\nabc\n', { line: 1, problem: 'ssh-key' }],
    ['an RSA key', '-----BEGIN RSA PRIVATE KEY-----\nabc\n', { line: 1, problem: 'ssh-key' }],
    ['the public half of an SSH key', 'ssh-ed25519 AAAA me\n', { line: 1, problem: 'ssh-key' }],
    ['a plugin', 'AGE-PLUGIN-YUBIKEY-1QQ\n', { line: 1, problem: 'plugin' }],
    ['an identity with a character wrong', `${identity.slice(0, -1)}B`, { line: 1, problem: 'malformed' }],
    ['half of an identity', `${identity}\n${identity.slice(0, 40)}`, { line: 2, problem: 'malformed' }],
    ['a credentials file', 'Created,Name\nYes,x\n', { line: 1, problem: 'malformed' }],
  ])('%s is refused', async (_what, text, expected) => {
    expect(await argsOf(() => parseIdentities(text, 'keys'))).toEqual({ from: 'keys', ...expected });
  });

  test.each([false, true])(
    'may be in a file that is encrypted with a passphrase; armour: %j',
    async (isArmored) => {
      const file = await encryptedWith('open', `${identity}\n`);
      const content = isArmored ? armored(file) : file;
      expect(reveal(await identitiesOf(content, 'keys', async () => secrets('open')[0]))).toEqual([identity]);
      expect(await argsOf(() => identitiesOf(content, 'keys', noPassphrase))).toEqual({
        from: 'keys',
        problem: 'passphrase-missing',
      });
      expect(await argsOf(() => identitiesOf(content, 'keys', async () => secrets('shut')[0]))).toEqual({
        from: 'keys',
        problem: 'passphrase-wrong',
      });
    },
  );

  test('are not read from a file that is encrypted for an identity, or cut off', async () => {
    const file = await encryptedFor([recipient], identity);
    const undecryptable = { from: 'keys', problem: 'undecryptable' };
    expect(await argsOf(() => identitiesOf(file, 'keys', noPassphrase))).toEqual(undecryptable);
    const cut = (await encryptedWith('open', identity)).subarray(0, -1);
    expect(await argsOf(() => identitiesOf(cut, 'keys', async () => secrets('open')[0]))).toEqual(
      undecryptable,
    );
  });

  test('that were generated are read, and their file names the recipient', async () => {
    const pair = await generateKeyPair();
    const text = identityFile(pair, new Date('2026-11-24T08:00:00.123Z'));
    expect(text).toBe(
      `# created: 2026-11-24T08:00:00Z\n# public key: ${pair.recipient}\n${pair.identity.reveal()}\n`,
    );
    expect(reveal(parseIdentities(text, 'keys'))).toEqual([pair.identity.reveal()]);
    expect(await identityToRecipient(pair.identity.reveal())).toBe(pair.recipient);
  });
});

describe('recipients', () => {
  test('are read as age reads them', async () => {
    const quantum = await identityToRecipient(await generateHybridIdentity());
    expect(parseRecipients(`# team\n\n${recipient}\r\n ${quantum}\n`, 'team.txt')).toEqual([
      recipient,
      quantum,
    ]);
  });

  test.each<[string, string, object]>([
    ['nothing', '\n# none\n', { problem: 'empty' }],
    ['an identity', `${recipient}\n${identity}\n`, { line: 2, problem: 'identity' }],
    ['an identity in small letters', identity.toLowerCase(), { line: 1, problem: 'identity' }],
    ['an SSH key', 'ssh-ed25519 AAAA me', { line: 1, problem: 'ssh-key' }],
    ['a recipient with a character wrong', `${recipient.slice(0, -1)}b`, { line: 1, problem: 'malformed' }],
    ['a recipient of a plugin', 'age1yubikey1qwt50', { line: 1, problem: 'malformed' }],
    ['a credentials file', 'Created,Name', { line: 1, problem: 'malformed' }],
  ])('%s is refused', async (_what, text, expected) => {
    expect(await argsOf(() => parseRecipients(text, 'team.txt'))).toEqual({ from: 'team.txt', ...expected });
  });

  test('count once, and have a limit', async () => {
    expect(distinctRecipients([recipient, recipient])).toEqual([recipient]);
    const many = Array.from({ length: 501 }, (_, n) => `age1${n}`);
    expect(await argsOf(() => distinctRecipients(many))).toMatchObject({ problem: 'too-many' });
  });
});
