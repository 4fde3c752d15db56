import type { ArgsOf } from '../errors/prose.js';

type KeyKind = 'identity' | 'passphrase';

const damages: { readonly [P in 'header' | 'middle' | 'end']: string } = {
  header: 'The head of the encrypted file is cut or was altered.',
  middle: 'The encrypted file was altered.',
  end: 'The encrypted file is cut short, or was altered towards its end.',
};

const megabytes = (bytes: number) => `${Math.round(bytes / 2 ** 20)} MB`;

/** Why an encrypted file cannot be read: what each code carries, none of it secret, and its sentences. */
export const ageProblemProse = {
  /** It is encrypted, and nothing was given that could open it; `needs` is what it was encrypted for. */
  'age-key-missing': ({ needs }: { readonly needs: KeyKind }) => ({
    reason: `The file is encrypted (age), and there is no ${needs} to decrypt it with.`,
    next:
      needs === 'identity'
        ? 'Give --identity FILE, or set BIOTZ_AGE_IDENTITY to the identity itself; in CI, see that this run is given its secrets.'
        : 'Set BIOTZ_AGE_PASSPHRASE, or run the command in a terminal, where it asks.',
  }),
  /** What was given does not open it; `recipients` counts those for whom it was encrypted. */
  'age-key-wrong': ({ given, recipients }: { readonly given: KeyKind; readonly recipients: number }) =>
    given === 'passphrase'
      ? { reason: 'The passphrase is not the one that the file was encrypted with.', next: 'Try it again.' }
      : {
          reason: `The file is encrypted for ${recipients === 1 ? 'one recipient' : `${recipients} recipients`}, none of which belongs to an identity that was given.`,
          next: 'Have it encrypted for yours too: "biotz-postman share DEVICES --to age1…"; the recipient of an identity file is in its comment.',
        },
  /** It is encrypted only for kinds of recipients that cannot be used here, e.g. `ssh-ed25519`. */
  'age-recipients-unsupported': ({ kinds }: { readonly kinds: readonly string[] }) => ({
    reason: `The file is encrypted only for recipients of kinds that cannot be used here${kinds.length === 0 ? '' : ` (${kinds.join(', ')})`}.`,
    next: 'Have it encrypted for an age1… recipient, or decrypt it with age: age --decrypt -i KEY FILE | biotz-postman check -',
  }),
  /** To try the passphrase would take more memory than is given for it: 2 to the power of `limit` KiB. */
  'age-work-factor-too-high': ({ limit }: { readonly limit: number }) => ({
    reason: `To try the passphrase would take more than ${2 ** (limit - 20)} GB of memory, as the file says of itself.`,
    next: 'Do not trust a file that asks for so much; age itself writes files that take 256 MB.',
  }),
  /** Cut or altered. `part` is where that was noticed; age cannot tell a cut from a change. */
  'age-damaged': ({ part }: { readonly part: 'header' | 'middle' | 'end' }) => ({
    reason: damages[part],
    next: 'Nothing of it was used. Get it again from where it was encrypted, as a binary file, or with --armor where only text survives.',
  }),
  /** Its bytes were taken for text and written as such: Windows PowerShell does so with what it redirects. */
  'age-re-encoded': () => ({
    reason: 'The encrypted file was saved as text, which destroys it; PowerShell\'s ">" does that.',
    next: 'Encrypt it again with --out FILE instead of ">", or with --armor, which survives as text.',
  }),
  'age-armor-malformed': () => ({
    reason: 'The ASCII armour of the encrypted file is cut or was altered.',
    next: 'Nothing of it was used. Get it again, from its BEGIN to its END line.',
  }),
  /** `limit` in bytes. */
  'age-armor-too-large': ({ limit }: { readonly limit: number }) => ({
    reason: `The encrypted file is in ASCII armour, and larger than the ${megabytes(limit)} that are held in memory.`,
    next: 'Encrypt it again without --armor: a binary file may have any size.',
  }),
};

export type AgeProblemArgs = ArgsOf<typeof ageProblemProse>;

export type AgeProblemCode = keyof AgeProblemArgs;

/** An encrypted file cannot be read. The reader of the file it was meant for gives it a name and words. */
export class Undecryptable<C extends AgeProblemCode = AgeProblemCode> extends Error {
  readonly code: C;
  readonly args: AgeProblemArgs[C];

  constructor(code: C, args: AgeProblemArgs[C]) {
    super(code);
    this.code = code;
    this.args = args;
  }
}
