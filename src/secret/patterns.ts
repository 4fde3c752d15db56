import { MASK } from './secret.js';

/**
 * Secrets that are recognised by their shape, whether or not their values are known. The redactor and the scanner of `share check` both
 * build their expressions from these sources.
 */
export const secretPatterns = {
  /** base64url of `{"…`, and two more parts if it is signed (RFC 7515, 7.1) or four if it is encrypted (RFC 7516, 7.1). */
  jwt: String.raw`eyJ[\w-]{8,}\.[\w-]+\.[\w-]*(?:\.[\w-]+){0,2}`,
  /** A private key of age, also of a post-quantum kind. */
  ageIdentity: 'AGE-SECRET-KEY-(?:PQ-)?1[0-9A-Z]{20,}',
  /** A key of the Postman API. */
  postmanKey: 'PMAK-[0-9a-f]{16,}(?:-[0-9a-f]+)?',
  /** Scheme, space and credentials of an Authorization header (RFC 7617, RFC 6750). */
  authorization: String.raw`(Basic|Bearer)(\s+)([\w.~+/=-]+)`,
} as const;

/**
 * The password in Basic credentials; `undefined` if the value is not base64 of a user name, a colon and a password without
 * control characters (RFC 7617, 2).
 */
export function basicPassword(credentials: string): string | undefined {
  const text = Buffer.from(credentials, 'base64').toString('latin1');
  // oxlint-disable-next-line no-control-regex -- control characters are what this is about
  return /^[^\u0000-\u001f\u007f:]*:([^\u0000-\u001f\u007f]*)$/.exec(text)?.[1];
}

/** A piece of a text that is masked: code units from `start` up to `end`. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Masks pieces of a text, in any order; overlapping pieces get one mask. */
export function maskSpans(text: string, spans: readonly Span[]): string {
  let masked = '';
  let covered = 0;
  for (const { start, end } of spans.toSorted((one, other) => one.start - other.start)) {
    if (start >= covered) masked += text.slice(covered, start) + MASK;
    covered = Math.max(covered, end);
  }
  return masked + text.slice(covered);
}

/** Every text with anything to mask contains one of these; most texts do not. */
const hint = /eyJ|(?:basic|bearer)\s|age-secret-key-|pmak-/i;

/**
 * A JWT, also one that was cut. A text that begins like one is consumed at once: otherwise the search would start again at
 * each `eyJ` in it.
 */
const cutJwt = /eyJ[\w-]*(?:\.[\w-]*){0,2}(?:\.[\w-]+){0,2}(…)?/g;
const SHORTEST_JWT = 11;

/** Credentials after the name of their header, however both are quoted. */
const header = /(authorization\W{0,12}(?:Basic|Bearer)\s+)[\w.~+/=-]+/gi;

/** Possible credentials without that name. */
const scheme = new RegExp(String.raw`\b${secretPatterns.authorization}`, 'gi');

const key = new RegExp(`${secretPatterns.ageIdentity}|${secretPatterns.postmanKey}`, 'gi');

/** Finds JWTs (also cut ones), credentials of an Authorization header, and keys. */
export function structuralSpans(text: string): readonly Span[] {
  if (!hint.test(text)) return [];
  const spans: Span[] = [];
  const add = ({ index, 0: found }: RegExpExecArray, kept = 0) =>
    spans.push({ start: index + kept, end: index + found.length });
  for (const found of text.matchAll(key)) add(found);
  for (const found of text.matchAll(cutJwt)) if (isJwt(found)) add(found);
  for (const found of text.matchAll(header)) add(found, found[1]?.length);
  for (const found of text.matchAll(scheme)) {
    const [, name = '', space = '', value = ''] = found;
    if (value.length < 6) continue;
    if (name.toLowerCase() === 'basic' ? basicPassword(value) !== undefined : looksRandom(value)) {
      add(found, name.length + space.length);
    }
  }
  return spans;
}

/** Three parts, or fewer before an ellipsis, which says that the rest was cut off. */
function isJwt([found, cut]: RegExpExecArray): boolean {
  return found.length >= SHORTEST_JWT && (cut !== undefined || found.split('.').length > 2);
}

/** Long, with a digit or with a capital inside a word: an opaque token, not "Bearer authentication". */
const looksRandom = (value: string) => value.length >= 16 && /\d|[a-z][A-Z]/.test(value);
