import { harmless } from '../text/harmless.js';
import { shorten } from '../text/quote.js';

/** In characters: a hundred rows of the longest stay below what GitHub shows. */
const LONGEST = 200;

/**
 * Shows a text that somebody else chose (a device's name, a server's answer) as it is, in a code span: in there is
 * neither markup nor HTML, and GitHub makes no links of addresses, `@names` and `#numbers`. What would end the span, or
 * the table's cell around it, is escaped visibly, like the characters that a terminal obeys.
 *
 * @see https://github.github.com/gfm/#code-spans
 * @see https://github.github.com/gfm/#tables-extension-
 */
export function markdownCode(text: string): string {
  const inside = harmless(shorten(text, LONGEST)).replace(/[`|\p{Surrogate}]/gu, escapeCharacter);
  // A span of nothing, or of nothing but spaces, is none.
  return inside.trim() === '' ? '' : `\`${inside}\``;
}

/** Our own sentences, as plain text. */
export function markdownProse(text: string): string {
  return text.replace(/[\\`*_{}[\]<>|#~&]/g, String.raw`\$&`);
}

function escapeCharacter(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
