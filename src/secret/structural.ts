import { MASK } from './secret.js';

/** What every text has in which there is anything to mask; most have not. */
const hint = /eyJ|(?:basic|bearer)\s|age-secret-key-|pmak-/i;

/**
 * A JWT (RFC 7519): base64url of `{"…`, and two more parts. Where that is all but the parts after it, the
 * rest is passed over in one go: else each `eyJ` in it would be tried again.
 */
const jwt = /eyJ([\w-]{8,}\.[\w-]+\.[\w-]*)?[\w-]*/g;

/** The credentials that follow the name of their header, however both are quoted. */
const header = /(authorization\W{0,12}(?:Basic|Bearer)\s+)[\w.~+/=-]+/gi;

/** What may be such credentials without that name (RFC 7617, RFC 6750). */
const scheme = /\b(Basic|Bearer)(\s+)([\w.~+/=-]{6,})/gi;

/** An age identity, also one of a post-quantum kind, and a key of the Postman API: somebody may name one for a file. */
const key = /AGE-SECRET-KEY-(?:PQ-)?1[0-9A-Z]{20,}|PMAK-[0-9a-f]{16,}(?:-[0-9a-f]+)?/gi;

/** Masks what is a secret by its shape, whoever's it is: JWTs, Authorization values and keys. */
export function maskStructural(text: string): string {
  if (!hint.test(text)) return text;
  return text
    .replace(key, MASK)
    .replace(jwt, (found, token?: string) => (token === undefined ? found : MASK))
    .replace(header, `$1${MASK}`)
    .replace(scheme, (found, name: string, space: string, value: string) =>
      (name.toLowerCase() === 'basic' ? isUserAndPassword(value) : looksRandom(value))
        ? name + space + MASK
        : found,
    );
}

/** RFC 7617, 2: a user name and a password with a colon between them, without control characters. */
function isUserAndPassword(value: string): boolean {
  // oxlint-disable-next-line no-control-regex -- control characters are what this is about
  return /^[^\u0000-\u001f\u007f:]*:[^\u0000-\u001f\u007f]*$/.test(
    Buffer.from(value, 'base64').toString('latin1'),
  );
}

/** Long, with a digit or a capital inside a word: an opaque token, not "Bearer authentication". */
const looksRandom = (value: string) => value.length >= 16 && /\d|[a-z][A-Z]/.test(value);
