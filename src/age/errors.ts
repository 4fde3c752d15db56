import { defineErrors } from '../errors/define-errors.js';
import type { Prose } from '../errors/prose.js';

const keygen = '"biotz-postman share keygen" makes one.';

/** What is wrong with an identity, as the end of a sentence, and what to do. */
const identityProblems = {
  recipient: {
    reason: 'it is a recipient (the public key), which only encrypts',
    next: 'Give the identity that belongs to it: the file with AGE-SECRET-KEY-1… in it.',
  },
  'ssh-key': {
    reason: 'it is an SSH key, and these are not read here',
    next: `Use an identity of age; ${keygen}`,
  },
  plugin: {
    reason: 'it needs a plugin of age, and none is run here',
    next: `Decrypt with age itself (age --decrypt -i KEY FILE | biotz-postman … -), or use another identity; ${keygen}`,
  },
  malformed: {
    reason: 'it is not AGE-SECRET-KEY-1… as it was made; a character may be wrong or missing',
    next: 'Copy it again, the whole line.',
  },
  empty: {
    reason: 'there is none in it',
    next: `An identity is a line that begins with AGE-SECRET-KEY-1; ${keygen}`,
  },
  'too-large': {
    reason: 'it has more than 1 MB',
    next: 'Give the file with AGE-SECRET-KEY-1… in it; the credentials file is DEVICES.',
  },
  'no-text': {
    reason: 'it is neither valid UTF-8 nor UTF-16 text',
    next: 'Save it as UTF-8, or give the file that "biotz-postman share keygen" or age-keygen wrote.',
  },
  're-encoded': {
    reason: 'it was encrypted, and then saved as text, which destroys it; PowerShell\'s ">" does that',
    next: 'Encrypt it again with age --armor, or with -o FILE instead of ">".',
  },
  'passphrase-missing': {
    reason: 'it is encrypted with a passphrase, and there is none',
    next: 'Set BIOTZ_AGE_PASSPHRASE, or run the command in a terminal, where it asks.',
  },
  'passphrase-wrong': { reason: 'its passphrase is another one', next: 'Try it again.' },
  undecryptable: {
    reason: 'it is encrypted, and cannot be decrypted with a passphrase',
    next: 'Give an identity file that is plain, or encrypted with a passphrase (age -p).',
  },
} as const satisfies Readonly<Record<string, Prose>>;

/** What is wrong with a recipient, as the end of a sentence, and what to do. */
const recipientProblems = {
  identity: {
    reason:
      'has an identity (a private key) where only a recipient (the public key) belongs; nothing was written',
    next: 'If that was on the command line, it is in your shell history now: make a new one with "biotz-postman share keygen", and give its recipient, age1…',
  },
  'ssh-key': {
    reason: 'is an SSH key, and these are not supported here',
    next: 'Ask for a recipient of age, age1…; "biotz-postman share keygen" prints one.',
  },
  malformed: {
    reason:
      'is no recipient of age that can be used; a character may be wrong or missing, or it needs a plugin',
    next: 'Copy it again, whole: age1 and about 58 letters and digits.',
  },
  empty: { reason: 'has no recipient in it', next: 'Write one recipient, age1…, on each line.' },
  'no-text': { reason: 'is neither valid UTF-8 nor UTF-16 text', next: 'Save it as UTF-8.' },
  'too-many': { reason: 'names more than 500 recipients', next: 'Encrypt for fewer, or with a passphrase.' },
} as const satisfies Readonly<Record<string, Prose>>;

export type IdentityProblem = keyof typeof identityProblems;

export type RecipientProblem = keyof typeof recipientProblems;

const placed = (file: string, line: number | undefined) => (line === undefined ? file : `${file}:${line}`);

export const ageError = defineErrors({
  /** An identity of age cannot be used. `from` is a file or variable, `line` counted from 1. */
  IDENTITY_INVALID: ({
    from,
    line,
    problem,
  }: {
    readonly from: string;
    readonly line?: number;
    readonly problem: IdentityProblem;
  }) => ({
    reason: `${placed(from, line)} is no age identity that can be used: ${identityProblems[problem].reason}.`,
    next: identityProblems[problem].next,
  }),
  /** A file of identities or recipients cannot be read; `reason` is an errno name such as ENOENT, or a clause. */
  KEY_FILE_NOT_READABLE: ({
    option,
    file,
    reason,
  }: {
    readonly option: string;
    readonly file: string;
    readonly reason: string;
  }) => ({
    reason: `${option} names ${file}, which cannot be read (${reason}).`,
    next: 'Check its path, that it is a file, and that you may read it.',
  }),
  /** A recipient of age cannot be used. `from` is a file or option, `line` counted from 1. */
  RECIPIENT_INVALID: ({
    from,
    line,
    problem,
  }: {
    readonly from: string;
    readonly line?: number;
    readonly problem: RecipientProblem;
  }) => ({
    reason: `${placed(from, line)} ${recipientProblems[problem].reason}.`,
    next: recipientProblems[problem].next,
  }),
});
