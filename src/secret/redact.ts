import { SHORTEST_TO_REPLACE } from './forms.js';
import { escapeAt, fold, hasEscapes } from './reading.js';
import { Redactor } from './redactor.js';
import { MASK } from './secret.js';
import { structuralSpans } from './patterns.js';

const redactor = new Redactor();

/**
 * Masks secrets in one text: a {@link Redactor} tracks them only meanwhile.
 *
 * @param text any length
 * @param secrets passwords and tokens that may occur in it
 */
export function redact(text: string, secrets: Iterable<string> = []): string {
  const release = redactor.trackSecrets(secrets);
  try {
    return redactor.redact(text);
  } finally {
    release();
  }
}

/**
 * As {@link redact}, for a device's name and its password: much faster if the name does not contain the password, which is
 * checked for every device that passes. A name that contains a spaced password is masked whole.
 */
export function redactName(name: string, password: string): string {
  const redacted = mayHold(name, password) ? redact(name, [password]) : name;
  return isSpacedIn(redacted, password) ? MASK : redacted;
}

/** Whether a secret is in a text in a form that a redactor knows, or spaced. */
export function holdsSecret(text: string, secret: string): boolean {
  return (mayHold(text, secret) && redact(text, [secret]) !== redact(text)) || isSpacedIn(text, secret);
}

/** Whether the letters and digits of a secret are in a text in their order, whatever else is between them. */
function isSpacedIn(text: string, secret: string): boolean {
  if (!mayBeSpacedIn(text, secret)) return false;
  const wanted = lettersOf(secret);
  return wanted.length >= SHORTEST_TO_REPLACE && lettersOf(text).includes(wanted);
}

const lettersOf = (text: string) => fold(text.normalize('NFKC')).replace(/[^\p{L}\p{N}]+/gu, '');

// oxlint-disable-next-line no-control-regex -- ASCII begins with them
const beyondAscii = /[^\u0000-\u007f]/;

/** Whether the first of them are: searching for these alone is faster, and they are rare in texts. */
function mayBeSpacedIn(text: string, secret: string): boolean {
  if (beyondAscii.test(text) || beyondAscii.test(secret)) return true;
  const folded = text.toLowerCase();
  const first = secret
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '')
    .slice(0, SHORTEST_TO_REPLACE);
  if (first.length < SHORTEST_TO_REPLACE) return false;
  for (let start = folded.indexOf(first.charAt(0)); start !== -1;) {
    let found = 1;
    for (let at = start + 1; at < folded.length && found < first.length; at++) {
      const unit = folded.charCodeAt(at);
      if (unit === first.charCodeAt(found)) found++;
      else if (isLetterOrDigit(unit)) break;
    }
    if (found === first.length) return true;
    start = folded.indexOf(first.charAt(0), start + 1);
  }
  return false;
}

const isLetterOrDigit = (unit: number) => (unit >= 0x61 && unit <= 0x7a) || (unit >= 0x30 && unit <= 0x39);

/** Whether {@link redact} might change a text. A wrong `true` costs time; a wrong `false` must not happen. */
function mayHold(text: string, secret: string): boolean {
  if (/…|\.{3}/.test(text) || structuralSpans(text).length > 0) return true;
  // Escapes are longer than what they stand for, and so is base64.
  if (secret === '' || text.length < secret.length) return false;
  const folded = fold(text);
  // As UTF-8 has it, and as a text shows it that was made harmless, a secret is another one.
  if (folded.includes(fold(secret)) || /[^\u0020-\u007e]|::|##/.test(secret)) return true;
  return readsEscaped(folded) || mayHoldBase64(folded, secret);
}

function readsEscaped(folded: string): boolean {
  return (
    hasEscapes(folded) &&
    Array.from(folded.matchAll(/[%&+\\]/g)).some(({ index }) => escapeAt(folded, index) !== undefined)
  );
}

/** Base64 of a shorter secret has fewer than six characters without its neighbours. */
const SHORTEST_WITH_BASE64 = 5;

const alphabet = 'abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Whether one of the groups of three bytes is there from which base64 of the secret is made, whatever is before it. */
function mayHoldBase64(folded: string, secret: string): boolean {
  if (secret.length < SHORTEST_WITH_BASE64) return false;
  for (let start = 0; start < 3; start++) {
    const bits =
      (secret.charCodeAt(start) << 16) | (secret.charCodeAt(start + 1) << 8) | secret.charCodeAt(start + 2);
    let group = '';
    for (let shift = 18; shift >= 0; shift -= 6) group += alphabet.charAt((bits >> shift) & 63);
    if (folded.includes(group)) return true;
    // base64url, RFC 4648, 5.
    if (/[+/]/.test(group) && folded.includes(group.replaceAll('+', '-').replaceAll('/', '_'))) return true;
  }
  return false;
}
