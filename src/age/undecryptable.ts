/** Why an encrypted file cannot be read, and the facts each code carries. None of them is secret. */
export interface AgeProblemArgs {
  /** It is encrypted, and nothing was given that could open it; `needs` is what it was encrypted for. */
  'age-key-missing': { readonly needs: KeyKind };
  /** What was given does not open it; `recipients` counts those for whom it was encrypted. */
  'age-key-wrong': { readonly given: KeyKind; readonly recipients: number };
  /** It is encrypted only for kinds of recipients that cannot be used here, e.g. `ssh-ed25519`. */
  'age-recipients-unsupported': { readonly kinds: readonly string[] };
  /** To try the passphrase would take more memory than is given for it: 2 to the power of `limit` KiB. */
  'age-work-factor-too-high': { readonly limit: number };
  /** Cut or altered. `part` is where that was noticed; age cannot tell a cut from a change. */
  'age-damaged': { readonly part: 'header' | 'middle' | 'end' };
  /** Its bytes were taken for text and written as such: Windows PowerShell does so with what it redirects. */
  'age-re-encoded': Readonly<Record<string, never>>;
  'age-armor-malformed': Readonly<Record<string, never>>;
  /** `limit` in bytes. */
  'age-armor-too-large': { readonly limit: number };
}

export type AgeProblemCode = keyof AgeProblemArgs;

type KeyKind = 'identity' | 'passphrase';

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
