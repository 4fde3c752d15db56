import { harmless } from '../text/harmless.js';

/** What stands for a character in markup. Also `>`, which ends a CDATA section after `]]`. */
const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/**
 * Makes any text fit for an attribute or element of XML 1.0: controls and the like become visible escapes, as in a
 * terminal, and so do lone surrogates, U+FFFE and U+FFFF, which no XML document may have.
 *
 * @see https://www.w3.org/TR/xml/#charsets
 */
export function xmlText(text: string): string {
  return harmless(text)
    .replace(/[\p{Surrogate}\ufffe\uffff]/gu, (found) => `\\u{${(found.codePointAt(0) ?? 0).toString(16)}}`)
    .replace(/[&<>"']/g, (found) => entities[found] ?? found);
}

/** The attributes of an element, each after a space; one that is `undefined` is left out. */
export function attributes(values: Readonly<Record<string, string | number | undefined>>): string {
  return Object.entries(values)
    .map(([name, value]) => (value === undefined ? '' : ` ${name}="${xmlText(String(value))}"`))
    .join('');
}
