import { escapeAt, fold, type Escape } from '../secret/reading.js';

/** Length of the longest escape of a character, including one that is escaped twice: `\\\\ud83d\\\\udd11`. */
const LONGEST_ESCAPE = 24;

/**
 * Bytes of context that are needed to read this many escaped characters.
 *
 * @param length in UTF-16 code units
 */
export const bytesToRead = (length: number) => LONGEST_ESCAPE * length;

/**
 * Reads characters backwards. Each may be plain or in any escape, or in an escape that is itself escaped (JSON in JSON).
 *
 * @param text the text before a place
 * @param wanted the characters that must end where the text ends
 * @returns their beginning in the text, the earliest one if there are several; -1 if the text does not end with them
 */
export function readBackwards(text: string, wanted: string): number {
  const folded = fold(text);
  const characters = Array.from(fold(wanted));
  let ends = [folded.length];
  for (const character of characters.toReversed()) {
    const starts = new Set<number>();
    for (const end of ends) {
      if (folded.endsWith(character, end)) starts.add(end - character.length);
      for (let at = end - 1; at >= 0 && at >= end - LONGEST_ESCAPE; at--) {
        if (reads(folded, at, character).includes(end)) starts.add(at);
      }
    }
    if (starts.size === 0) return -1;
    ends = [...starts];
  }
  return Math.min(...ends);
}

/**
 * Reads characters forwards, as {@link readBackwards} does.
 *
 * @returns their end in the text; -1 if the text does not begin with them
 */
export function readForwards(text: string, wanted: string): number {
  const folded = fold(text);
  let starts = [0];
  for (const character of fold(wanted)) {
    const ends = new Set<number>();
    for (const start of starts) {
      if (folded.startsWith(character, start)) ends.add(start + character.length);
      for (const end of reads(folded, start, character)) ends.add(end);
    }
    if (ends.size === 0) return -1;
    starts = [...ends];
  }
  return Math.max(...starts);
}

/** The ends of all escapes of a character that begin here, including a quote that CSV doubles. */
function reads(folded: string, at: number, character: string): readonly number[] {
  const once = escapeAt(folded, at);
  const ends = once?.character === character ? [once.end] : [];
  // RFC 4180, 2.7
  if (character === '"' && folded.startsWith('""', at)) ends.push(at + 2);
  const twice = escapedTwice(folded, at, once);
  if (twice !== undefined && twice.character === character) ends.push(twice.end);
  return ends;
}

/** An escape whose own characters are escaped, each or some of them: `\\n`, `&amp;lt;`, `%2541`, `\&quot;`. */
function escapedTwice(folded: string, at: number, first: Escape | undefined): Escape | undefined {
  if (!['\\', '&', '%'].includes(first?.character ?? folded.charAt(at))) return undefined;
  let inner = '';
  const ends: number[] = [];
  for (let next = at; next < folded.length && next < at + LONGEST_ESCAPE;) {
    const escape = escapeAt(folded, next) ?? { character: folded.charAt(next), end: next + 1 };
    for (let unit = 0; unit < escape.character.length; unit++) ends.push(escape.end);
    inner += escape.character;
    next = escape.end;
  }
  const escape = escapeAt(inner, 0);
  const end = ends[(escape?.end ?? 0) - 1];
  return escape === undefined || end === undefined ? undefined : { character: escape.character, end };
}

/**
 * Lists the usual spellings of a text that has no run of letters and digits to recognise it by: plain, encoded once, each
 * of these in JSON, and JSON in markup, as in an HTML report.
 *
 * @returns each spelling once, including the text itself
 */
export function spellingsOf(text: string): readonly string[] {
  const percent = percentEncoded(text);
  // RFC 3986, 2.2: encodeURIComponent leaves these five as they are.
  const strict = percent.replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
  const form = new URLSearchParams({ '': text }).toString().slice(1);
  const once = [
    text,
    ...[percent, strict, form].flatMap((encoded) => [
      encoded,
      encoded.replace(/%../g, (escape) => escape.toLowerCase()),
    ]),
    ...markupSpellings(text),
    // RFC 4180, 2.7
    text.replaceAll('"', '""'),
  ];
  const json = jsonSpellings(text);
  const twice = [...json.flatMap(jsonSpellings), ...json.flatMap(markupSpellings)];
  return [...new Set([...once, ...once.flatMap(jsonSpellings), ...twice])];
}

/** Spellings in XML and HTML, with or without escapes for each kind of quote. */
function markupSpellings(text: string): readonly string[] {
  const markup = text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
  return [markup, markup.replaceAll('&quot;', '"')].flatMap((escaped) => [
    escaped,
    escaped.replaceAll("'", '&apos;'),
    escaped.replaceAll("'", '&#39;'),
  ]);
}

function percentEncoded(text: string): string {
  try {
    return encodeURIComponent(text);
  } catch {
    // Encoders write U+FFFD for half of a surrogate pair.
    return encodeURIComponent(Buffer.from(text).toString());
  }
}

/** Spellings in JSON: of JavaScript, with `\u` beyond ASCII (Python) in either case, and with `\/` (PHP). */
function jsonSpellings(text: string): readonly string[] {
  const json = JSON.stringify(text).slice(1, -1);
  const ascii = json.replace(
    /[\u0080-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  const capitals = ascii.replace(/\\u(....)/g, (_escape, digits: string) => `\\u${digits.toUpperCase()}`);
  return [json, ascii, capitals].flatMap((spelling) => [spelling, spelling.replaceAll('/', '\\/')]);
}
