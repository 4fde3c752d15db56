import { escapeAt, fold, hasEscapes } from './reading.js';
import { Redactor } from './redactor.js';
import { structuralSpans } from './structural.js';

const redactor = new Redactor();

/**
 * Takes secrets out of one text: a {@link Redactor} that holds them no longer than that.
 *
 * @param text any length
 * @param secrets passwords and tokens that may occur in it
 */
export function redact(text: string, secrets: Iterable<string> = []): string {
  const release = redactor.hold(secrets);
  try {
    return redactor.redact(text);
  } finally {
    release();
  }
}

/**
 * As {@link redact}, for a device's name and its password: much faster if the one does not hold the other, which is said
 * of every device that passes.
 */
export function redactName(name: string, password: string): string {
  return mayHold(name, password) ? redact(name, [password]) : name;
}

/** Whether {@link redact} might change a text; says so too often rather than too rarely. */
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
  const text = folded.replaceAll('-', '+').replaceAll('_', '/');
  for (let start = 0; start < 3; start++) {
    const bits =
      (secret.charCodeAt(start) << 16) | (secret.charCodeAt(start + 1) << 8) | secret.charCodeAt(start + 2);
    let group = '';
    for (let shift = 18; shift >= 0; shift -= 6) group += alphabet.charAt((bits >> shift) & 63);
    if (text.includes(group)) return true;
  }
  return false;
}
