import { redact } from '../secret/redact.js';
import { shorten } from '../text/quote.js';

/**
 * Makes a text of the document harmless before it becomes part of a request. Otherwise Postman would replace
 * `{{password}}` by the password, and Insomnia would run `{% … %}`. Tokens, recognised by their shape, are masked.
 *
 * @param longest characters that are kept
 */
export function inert(text: string, longest = 10_000): string {
  return redact(shorten(text, longest).replace(/\{(?=[{%#])/g, '{ '));
}
