/** An escape of JSON, JavaScript or URLs that stands for a letter, a digit, `_`, `-` or `.`. */
const letter = String.raw`(?:\\u00|\\x|%)(?:[46][1-9a-f]|[57][0-9a]|5f|2[de]|3[0-9])`;
const ahead = new RegExp(String.raw`^(?:[\w.-]|${letter})*`, 'i');
const escape = /\\u([0-9a-f]{4})|\\x([0-9a-f]{2})|%([0-9a-f]{2})/gi;

/** How long the name is that a text begins with. */
export const nameAhead = (text: string): number => ahead.exec(text)?.[0].length ?? 0;

/**
 * A name as it is written in a text: any of its letters may be escaped (`pass\u0077ord`, `p%61ssword`), and an escaped
 * quote or line break (`\npassword`, `%22password`) or the dashes of an option may stand before it.
 */
export function decodeName(written: string): string {
  if (!/[%\\]/.test(written)) return written.replace(/^[-.]+/, '');
  const decoded = written.replace(escape, (_, unit?: string, byte?: string, percent?: string) =>
    String.fromCharCode(parseInt(unit ?? byte ?? percent ?? '', 16)),
  );
  const words = decoded.replace(/\\[nrtbf"'\\/]/g, ' ').split(/[^\w.-]/);
  return words.at(-1) ?? '';
}
