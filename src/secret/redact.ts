import { maskKnown } from './mask-known.js';
import { MASK } from './secret.js';

/**
 * A JWT (RFC 7519): base64url of `{"…`, and two more parts. Where that is all but the parts after it, the
 * rest is passed over in one go: else each `eyJ` in it would be tried again.
 */
const jwt = /eyJ([\w-]{8,}\.[\w-]+\.[\w-]*)?[\w-]*/g;

/** The credentials that follow the name of their header, however both are quoted. */
const header = /(authorization\W{0,12}(?:Basic|Bearer)\s+)[\w.~+/=-]+/gi;

/** What may be such credentials without that name (RFC 7617, RFC 6750). */
const scheme = /\b(Basic|Bearer)(\s+)([\w.~+/=-]{6,})/gi;

/**
 * Takes secrets out of a text that somebody else wrote: a server's answer, a script's error. Every writer
 * passes such text through here.
 *
 * Known secrets are found raw, percent- and form-encoded, JSON-, XML- and HTML-escaped, in any mixture of
 * these, and in base64, alone or inside a longer value such as Basic credentials; also the first six or more
 * characters of one that was cut with an ellipsis. JWTs and Authorization values are always masked.
 *
 * It never throws, and its cost is bounded: a text that would take too long is masked whole.
 *
 * @param text any length
 * @param secrets passwords and tokens that may occur in it
 */
export function redact(text: string, secrets: Iterable<string> = []): string {
  return maskKnown(text, secrets)
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
