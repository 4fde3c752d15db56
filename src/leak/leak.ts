/**
 * What can be found, in the order of what is worth more to know: where two are found in the same characters, the first
 * of them is reported. Codes may be added and are never renamed. The sentences are in `prose/leaks.ts`.
 */
export const leakCodes = [
  /** A password of the credentials file that was given, as it is or encoded. */
  'device-password',
  /** A private key in PEM (RFC 7468). */
  'private-key',
  /** An age identity: what decrypts an encrypted credentials file. */
  'age-identity',
  'postman-api-key',
  /** A JSON Web Token (RFC 7519). */
  'jwt',
  /** Credentials of an Authorization header, Basic (RFC 7617) or Bearer (RFC 6750). */
  'authorization',
  /** A password before the host of a URL (RFC 3986, 3.2.1). */
  'url-password',
  /** A variable of Postman's type `secret` that has a value. */
  'secret-variable',
  /** A value whose name says that it is a secret: `password`, `client_secret`, `X-API-Key`, ... */
  'secret-in-clear',
  /** A credentials file with at least one password in it. */
  'credentials-file',
] as const;

export type LeakCode = (typeof leakCodes)[number];

/** A secret where it does not belong. It holds nothing of the secret itself. */
export interface Leak {
  readonly code: LeakCode;
  /** The file's name as the user gave it. */
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  /** In characters, counted from 1. */
  readonly column: number;
  /** Where it is in a JSON document, e.g. `values[5] "password"`. */
  readonly place?: string;
  /** The id of the device whose password it is. */
  readonly device?: string;
}

/** A {@link Leak} by the bytes that it takes up, before lines are counted. */
export interface Span {
  readonly code: LeakCode;
  /** Where the secret begins in its file, in bytes. */
  readonly start: number;
  /** And where it ends: the first byte after it. */
  readonly end: number;
  readonly place?: string | undefined;
  readonly device?: string | undefined;
  /** What it is replaced with; without it, with nothing or a mask, as its surroundings ask for. */
  readonly blank?: string | undefined;
}
