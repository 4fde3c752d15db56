import { maskKnown } from './mask-known.js';
import { maskStructural } from './structural.js';

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
  return maskStructural(maskKnown(text, secrets));
}
