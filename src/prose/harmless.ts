/**
 * Characters that move the cursor, colour a terminal, break a line or reorder text: controls (C0, DEL, C1),
 * the line and paragraph separators, and the bidirectional controls (Unicode Bidi_Control).
 */
// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const harmful = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** Writes characters that could deceive a reader or a terminal as visible escapes, e.g. `\u{202e}`. */
export function harmless(text: string): string {
  return text.replace(harmful, (character) => `\\u{${character.charCodeAt(0).toString(16)}}`);
}
