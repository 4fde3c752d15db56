import { redact } from '../secret/redact.js';
import { shorten } from '../text/quote.js';

/**
 * Makes a text of the document harmless where it becomes part of a request: `{{password}}` in it would be
 * replaced by the password when a user sends it, and Insomnia would obey `{% … %}`. Tokens by their shape are
 * masked.
 *
 * @param longest characters that are kept
 */
export function inert(text: string, longest = 10_000): string {
  return redact(shorten(text, longest).replace(/\{(?=[{%#])/g, '{ '));
}
