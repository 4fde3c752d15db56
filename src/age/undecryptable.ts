import type { ArgsOf } from '../errors/biotz-postman-error.js';

type KeyKind = 'identity' | 'passphrase';

const damages: { readonly [P in 'header' | 'middle' | 'end']: string } = {
  header: 'The header of the encrypted file is cut off or was altered.',
  middle: 'The encrypted file was altered.',
  end: 'The encrypted file is cut off, or was altered near its end.',
};

const megabytes = (bytes: number) => `${Math.round(bytes / 2 ** 20)} MB`;

/** Reasons why an encrypted file cannot be read: the arguments of each code, which are never secret, and its sentences. */
export const ageProblemProse = {
  /** No key was given; `needs` is the kind of key that the file was encrypted for. */
  'age-key-missing': ({ needs }: { readonly needs: KeyKind }) => ({
    reason: `The file is encrypted (age), and no ${needs} was given to decrypt it.`,
    next:
      needs === 'identity'
        ? 'Pass --identity FILE, or set BIOTZ_AGE_IDENTITY to the identity itself. In CI, check that this run has access to its secrets.'
        : 'Set BIOTZ_AGE_PASSPHRASE, or run the command in a terminal, where it asks for the passphrase.',
  }),
  /** The given keys do not open the file; `recipients` counts the recipients of the file. */
  'age-key-wrong': ({ given, recipients }: { readonly given: KeyKind; readonly recipients: number }) =>
    given === 'passphrase'
      ? { reason: 'The file was encrypted with another passphrase.', next: 'Try again.' }
      : {
          reason: `The file is encrypted for ${recipients === 1 ? 'one recipient' : `${recipients} recipients`}, and none of the given identities belongs to them.`,
          next: 'Ask its sender to encrypt it for your recipient too: "biotz-postman share DEVICES --to age1…". A comment in your identity file has the recipient.',
        },
  /** All recipients of the file are of unsupported kinds, e.g. `ssh-ed25519`. */
  'age-recipients-unsupported': ({ kinds }: { readonly kinds: readonly string[] }) => ({
    reason: `The file is encrypted only for recipients of unsupported kinds${kinds.length === 0 ? '' : ` (${kinds.join(', ')})`}.`,
    next: 'Ask its sender to encrypt it for an age1… recipient, or decrypt it with age: age --decrypt -i KEY FILE | biotz-postman check -',
  }),
  /** Trying the passphrase would take more memory than allowed, which is 2 to the power of `limit` KiB. */
  'age-work-factor-too-high': ({ limit }: { readonly limit: number }) => ({
    reason: `The file asks for more than ${2 ** (limit - 20)} GB of memory to try the passphrase.`,
    next: 'Do not trust it. Files that age writes need 256 MB.',
  }),
  /** The file is cut off or was altered, which age cannot tell apart. `part` is where decryption failed. */
  'age-damaged': ({ part }: { readonly part: 'header' | 'middle' | 'end' }) => ({
    reason: damages[part],
    next: 'None of it was used. Copy it again from its source as a binary file, or encrypt it with --armor if only text survives the way.',
  }),
  /** A program has taken the bytes for text and written them as such: Windows PowerShell does so when it redirects. */
  'age-re-encoded': () => ({
    reason: 'The encrypted file was saved as text, which destroyed it; PowerShell\'s ">" does that.',
    next: 'Encrypt it again with --out FILE instead of ">", or with --armor, which survives as text.',
  }),
  'age-armor-malformed': () => ({
    reason: 'The ASCII armor of the encrypted file is cut off or was altered.',
    next: 'None of it was used. Copy it again, from its BEGIN line to its END line.',
  }),
  /** `limit` in bytes. */
  'age-armor-too-large': ({ limit }: { readonly limit: number }) => ({
    reason: `The encrypted file is in ASCII armor and larger than ${megabytes(limit)}, the limit for armor.`,
    next: 'Encrypt it again without --armor: a binary file may have any size.',
  }),
};

export type AgeProblemArgs = ArgsOf<typeof ageProblemProse>;

export type AgeProblemCode = keyof AgeProblemArgs;

/** An encrypted file cannot be read. The caller knows the file's name and makes an error or diagnostic of it. */
export class Undecryptable<C extends AgeProblemCode = AgeProblemCode> extends Error {
  readonly code: C;
  readonly args: AgeProblemArgs[C];

  constructor(code: C, args: AgeProblemArgs[C]) {
    super(code);
    this.code = code;
    this.args = args;
  }
}
