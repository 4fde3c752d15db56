import { base64FormsOf } from './forms.js';
import { fold, hasEscapes } from './reading.js';
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
  if (hasEscapes(text) || /…|\.{3}/.test(text) || structuralSpans(text).length > 0) return true;
  // Base64 of a secret is no shorter than the secret.
  if (secret === '' || text.length < secret.length) return false;
  const folded = fold(text);
  // As UTF-8 has it, and as a text shows it that was made harmless, a secret is another one.
  if (folded.includes(fold(secret)) || /[^\u0020-\u007e]|::|##/.test(secret)) return true;
  return /[\w+/-]{6}/.test(text) && base64FormsOf(secret).some((form) => folded.includes(fold(form)));
}
