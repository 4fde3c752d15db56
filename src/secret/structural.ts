import type { Span } from './spans.js';

/** What every text has in which there is anything to mask; most have not. */
const hint = /eyJ|(?:basic|bearer)\s|age-secret-key-|pmak-/i;

/**
 * A JWT: base64url of `{"…`, and two more parts if it is signed (RFC 7515, 7.1) or four if it is encrypted (RFC 7516,
 * 7.1). What begins like one is passed over in one go: else each `eyJ` in it would be tried again.
 */
const jwt = /eyJ[\w-]*(?:\.[\w-]*){0,2}(?:\.[\w-]+){0,2}(…)?/g;
const SHORTEST_JWT = 11;

/** The credentials that follow the name of their header, however both are quoted. */
const header = /(authorization\W{0,12}(?:Basic|Bearer)\s+)[\w.~+/=-]+/gi;

/** What may be such credentials without that name (RFC 7617, RFC 6750). */
const scheme = /\b(Basic|Bearer)(\s+)([\w.~+/=-]{6,})/gi;

/** An age identity, also one of a post-quantum kind, and a key of the Postman API: somebody may name one for a file. */
const key = /AGE-SECRET-KEY-(?:PQ-)?1[0-9A-Z]{20,}|PMAK-[0-9a-f]{16,}(?:-[0-9a-f]+)?/gi;

/** Finds what is a secret by its shape, whoever's it is: JWTs, also cut ones, Authorization values and keys. */
export function structuralSpans(text: string): readonly Span[] {
  if (!hint.test(text)) return [];
  const spans: Span[] = [];
  const add = ({ index, 0: found }: RegExpExecArray, kept = 0) =>
    spans.push({ start: index + kept, end: index + found.length });
  for (const found of text.matchAll(key)) add(found);
  for (const found of text.matchAll(jwt)) if (isJwt(found)) add(found);
  for (const found of text.matchAll(header)) add(found, found[1]?.length);
  for (const found of text.matchAll(scheme)) {
    const [, name = '', space = '', value = ''] = found;
    if (name.toLowerCase() === 'basic' ? isUserAndPassword(value) : looksRandom(value)) {
      add(found, name.length + space.length);
    }
  }
  return spans;
}

/** Three parts, or fewer before an ellipsis that says that the rest was cut off. */
function isJwt([found, cut]: RegExpExecArray): boolean {
  return found.length >= SHORTEST_JWT && (cut !== undefined || found.split('.').length > 2);
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
