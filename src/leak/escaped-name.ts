/** An escape of JSON, JavaScript or URLs that stands for a letter, a digit, `_`, `-` or `.`. */
const letter = String.raw`(?:\\u00|\\x|%)(?:[46][1-9a-f]|[57][0-9a]|5f|2[de]|3[0-9])`;
/** `\u00f1` in Latin-1, or in UTF-8 that is read as Latin-1. */
const tilde = '\\u00f1|\\u00c3[\\u0091\\u00b1]';
const ahead = new RegExp(String.raw`^(?:[\w.-]|${letter}|${tilde})*`, 'i');
const escape = /\\u([0-9a-f]{4})|\\x([0-9a-f]{2})|%([0-9a-f]{2})/gi;

/** A backslash, a percent sign, and what begins an `ñ`. */
const mayGoOn: ReadonlySet<number> = new Set([0x5c, 0x25, 0xf1, 0xc3]);

/** Where the name ends that has a byte in it. Most names have no escape, and need no string for this. */
export function endOfName(text: Buffer, at: number, most: number): number {
  let end = at;
  while (end < most && isWordByte(text[end])) end++;
  if (end === most || !mayGoOn.has(text[end] ?? 0)) return end;
  return at + (ahead.exec(text.toString('latin1', at, most))?.[0].length ?? 0);
}

/** What a name is made of, but for escapes: letters, digits, `_`, `-` and `.`. */
export const isWordByte = (byte: number | undefined) => byte !== undefined && wordBytes[byte] === 1;

const wordBytes = Uint8Array.from({ length: 256 }, (_, byte) =>
  Number(/[\w.-]/.test(String.fromCharCode(byte))),
);

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
