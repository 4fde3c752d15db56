import { harmless } from './harmless.js';

/** Masks the secrets in a text. A text that ends with an ellipsis may have been cut inside a secret. */
export type Redact = (text: string) => string;

/** Characters of a text from outside that are shown: people do not read longer ones. */
const LONGEST = 300;

/** Characters that are searched for secrets: a secret may begin in what is shown and end behind it. */
const LONGEST_SEARCHED = 8_000;

/**
 * Characters before a cut that are never shown: a redactor cannot recognise the first five characters of a secret, and
 * the longest escape of a character (`&#x00000041;`) has twelve.
 */
const UNSURE = 6 * 12;

/**
 * Makes a text from outside (a server's answer, a script's or library's error, a device's name) fit for a
 * message, report or log: marks where it is cut, redacts it, and only then makes it harmless, because a character
 * that is escaped inside a secret would hide the secret from the redactor.
 *
 * @param redact knows the secrets that may be in the text
 * @param longest how many characters are kept
 */
export function quote(text: string, redact: Redact, longest: number = LONGEST): string {
  const mostSearched = Math.max(LONGEST_SEARCHED, longest);
  const clean = redact(shorten(text, mostSearched));
  // A secret that begins at the end of the searched text may be too short there to be recognised.
  const most = text.length > mostSearched ? Math.min(longest, clean.length - UNSURE) : longest;
  return harmless(shorten(clean, most));
}

/** Cuts a text that is too long, and marks the cut with an ellipsis. */
export function shorten(text: string, longest: number): string {
  if (text.length <= longest) return text;
  // Half a surrogate pair is no character.
  return `${text.slice(0, Math.max(longest, 0)).replace(/[\ud800-\udbff]$/, '')}…`;
}
