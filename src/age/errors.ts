import { defineErrors } from '../errors/define-errors.js';
import type { Prose } from '../errors/biotz-postman-error.js';

const keygen = '"biotz-postman share keygen" makes one.';

/** Problems of an identity: each as the end of a sentence, with the next step. */
const identityProblems = {
  recipient: {
    reason: 'it is a recipient (the public key), which only encrypts',
    next: 'Pass the identity that belongs to it: the file that contains AGE-SECRET-KEY-1….',
  },
  'ssh-key': {
    reason: 'it is an SSH key, and SSH keys are not supported',
    next: `Use an age identity; ${keygen}`,
  },
  plugin: {
    reason: 'it needs an age plugin, and plugins are not supported',
    next: `Decrypt the file with age itself (age --decrypt -i KEY FILE | biotz-postman … -), or use another identity; ${keygen}`,
  },
  malformed: {
    reason: 'it is not a complete AGE-SECRET-KEY-1…; a character may be wrong or missing',
    next: 'Copy the whole line again.',
  },
  empty: {
    reason: 'it contains no identity',
    next: `An identity is a line that begins with AGE-SECRET-KEY-1; ${keygen}`,
  },
  'too-large': {
    reason: 'it is larger than 1 MB',
    next: 'Pass the file that contains AGE-SECRET-KEY-1…; the credentials file is the argument DEVICES.',
  },
  'no-text': {
    reason: 'it is neither valid UTF-8 nor UTF-16 text',
    next: 'Save it as UTF-8, or pass the file that "biotz-postman share keygen" or age-keygen wrote.',
  },
  're-encoded': {
    reason: 'it was encrypted and then saved as text, which destroyed it; PowerShell\'s ">" does that',
    next: 'Encrypt it again with age --armor, or with -o FILE instead of ">".',
  },
  'passphrase-missing': {
    reason: 'it is encrypted with a passphrase, and no passphrase was given',
    next: 'Set BIOTZ_AGE_PASSPHRASE, or run the command in a terminal, where it asks for the passphrase.',
  },
  'passphrase-wrong': { reason: 'the passphrase is wrong', next: 'Try again.' },
  undecryptable: {
    reason: 'it is encrypted, but not with a passphrase',
    next: 'Pass a plain identity file, or one that is encrypted with a passphrase (age -p).',
  },
} as const satisfies Readonly<Record<string, Prose>>;

/** Problems of a recipient: each as the end of a sentence, with the next step. */
const recipientProblems = {
  identity: {
    reason: 'is an identity (the private key), not a recipient (the public key); nothing was written',
    next: 'If it was on the command line, your shell history has it now. Make a new key with "biotz-postman share keygen" and pass its recipient, age1….',
  },
  'ssh-key': {
    reason: 'is an SSH key, and SSH keys are not supported',
    next: 'Ask for an age recipient, age1…; "biotz-postman share keygen" prints one.',
  },
  malformed: {
    reason: 'is not a usable age recipient; a character may be wrong or missing, or it needs a plugin',
    next: 'Copy all of it again: age1 and about 58 letters and digits.',
  },
  empty: { reason: 'contains no recipient', next: 'Write one recipient, age1…, on each line.' },
  'no-text': { reason: 'is neither valid UTF-8 nor UTF-16 text', next: 'Save it as UTF-8.' },
  'too-many': { reason: 'names more than 500 recipients', next: 'Encrypt for fewer, or with a passphrase.' },
} as const satisfies Readonly<Record<string, Prose>>;

export type IdentityProblem = keyof typeof identityProblems;

export type RecipientProblem = keyof typeof recipientProblems;

/** `from` is a file, variable or option; `line` is counted from 1. */
interface InvalidKey<P> {
  readonly from: string;
  readonly line?: number;
  readonly problem: P;
}

const placed = (file: string, line: number | undefined) => (line === undefined ? file : `${file}:${line}`);

export const ageError = defineErrors({
  /** An age identity cannot be used. */
  IDENTITY_INVALID: ({ from, line, problem }: InvalidKey<IdentityProblem>) => ({
    reason: `${placed(from, line)} is not a usable age identity: ${identityProblems[problem].reason}.`,
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
    next: 'Check the path, and that you may read the file.',
  }),
  /** An age recipient cannot be used. */
  RECIPIENT_INVALID: ({ from, line, problem }: InvalidKey<RecipientProblem>) => ({
    reason: `${placed(from, line)} ${recipientProblems[problem].reason}.`,
    next: recipientProblems[problem].next,
  }),
});
