/** A character that a text may hold at a place, other than the one that stands there. */
export interface Escape {
  /** One code point, folded. */
  readonly character: string;
  /** Where the next one begins. */
  readonly end: number;
}

const PERCENT = 0x25;
const AMPERSAND = 0x26;
const PLUS = 0x2b;
const BACKSLASH = 0x5c;

/** Whether a text has anything in it that {@link escapeAt} could read. */
export const hasEscapes = (text: string) => /[%&+\\]/.test(text);

/**
 * Folds the case of a text (`%c3` equals `%C3`), and keeps each character at its position:
 * `toLowerCase` makes two of İ, and writes Σ by what comes after it.
 */
export function fold(text: string): string {
  // These characters are rare, and testing for them is faster than replacing nothing.
  const lower = (text.includes('İ') ? text.replaceAll('İ', 'i') : text).toLowerCase();
  return lower.includes('ς') ? lower.replaceAll('ς', 'σ') : lower;
}

/** {@link fold} for one code unit, below U+0080 only. */
export const foldAscii = (unit: number) => (unit >= 0x41 && unit <= 0x5a ? unit + 0x20 : unit);

/**
 * Reads the escape that begins at a place: percent- or form-encoded (RFC 3986, WHATWG URL), JSON- or
 * JavaScript-escaped, XML- or HTML-escaped.
 *
 * @param text folded
 */
export function escapeAt(text: string, at: number): Escape | undefined {
  switch (text.charCodeAt(at)) {
    case PERCENT:
      return percentEncoded(text, at);
    case BACKSLASH:
      return afterBackslash(text, at);
    case AMPERSAND:
      return entity(text, at);
    case PLUS:
      return { character: ' ', end: at + 1 };
    default:
      return undefined;
  }
}

function percentEncoded(text: string, at: number): Escape | undefined {
  const lead = byteAt(text, at);
  // RFC 3629, 3: the leading ones of the first byte say how many there are.
  const bytes = lead < 0x80 ? 1 : Math.clz32(~(lead << 24));
  if (lead < 0 || (lead >= 0x80 && bytes < 2) || bytes > 4) return undefined;
  let point = bytes === 1 ? lead : lead & (0x7f >> bytes);
  for (let index = 1; index < bytes; index++) {
    const byte = byteAt(text, at + 3 * index);
    if (byte >> 6 !== 0b10) return undefined;
    point = (point << 6) | (byte & 0x3f);
  }
  return escape(point, at + 3 * bytes);
}

/** The byte that `%xx` encodes; negative if there is no such escape. */
function byteAt(text: string, at: number): number {
  if (text.charCodeAt(at) !== PERCENT) return -1;
  const high = hexDigit(text.charCodeAt(at + 1));
  const low = hexDigit(text.charCodeAt(at + 2));
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

function hexDigit(unit: number): number {
  if (unit >= 0x30 && unit <= 0x39) return unit - 0x30;
  return unit >= 0x61 && unit <= 0x66 ? unit - 0x61 + 10 : -1;
}

/** `\u` and `\x`, and the pair of them for a character beyond U+FFFF (RFC 8259, 7; ECMA-262, 12.9.4). */
const byNumber = /\\(?:u(d[89ab][0-9a-f]{2})\\u(d[c-f][0-9a-f]{2})|u([0-9a-f]{4})|x([0-9a-f]{2}))/y;

const byLetter: Readonly<Record<string, string>> = {
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '"': '"',
  "'": "'",
  '`': '`',
  '/': '/',
  '\\': '\\',
};

function afterBackslash(text: string, at: number): Escape | undefined {
  const character = byLetter[text.charAt(at + 1)];
  if (character !== undefined) return { character, end: at + 2 };
  byNumber.lastIndex = at;
  const [found, high, low, unit, byte] = byNumber.exec(text) ?? [];
  if (found === undefined) return undefined;
  const point =
    high === undefined || low === undefined
      ? parseInt(unit ?? byte ?? '', 16)
      : 0x10000 + ((parseInt(high, 16) & 0x3ff) << 10) + (parseInt(low, 16) & 0x3ff);
  return escape(point, at + found.length);
}

/** With leading zeros, as many escapers write them. */
const reference = /&(?:#0{0,8}(\d{1,7})|#x0{0,8}([0-9a-f]{1,6})|(amp|lt|gt|quot|apos));/y;

const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function entity(text: string, at: number): Escape | undefined {
  reference.lastIndex = at;
  const [found, decimal, hex, name] = reference.exec(text) ?? [];
  if (found === undefined) return undefined;
  const end = at + found.length;
  const character = named[name ?? ''];
  if (character !== undefined) return { character, end };
  return escape(decimal === undefined ? parseInt(hex ?? '', 16) : parseInt(decimal, 10), end);
}

function escape(point: number, end: number): Escape | undefined {
  return point > 0x10ffff ? undefined : { character: fold(String.fromCodePoint(point)), end };
}
