import { MASK } from '../secret/secret.js';
import type { KnownSecrets } from './known-secrets.js';
import type { LeakCode, Span } from './leak.js';
import { scanWhole } from './window-scan.js';

/** Removing a secret may reveal another one around it. Real texts need at most three passes. */
const MOST_PASSES = 5;

export interface CleanText {
  readonly bytes: Buffer;
  /** Number of removed secrets of each kind. */
  readonly removed: ReadonlyMap<LeakCode, number>;
  /** Number of secrets that remain. */
  readonly left: number;
  /** Whether the text has a table of passwords. Nothing was removed then: without passwords, the table is useless. */
  readonly hasTable: boolean;
}

/**
 * Removes the secrets from a text. A value that is a secret as a whole becomes empty, a secret in a longer text becomes
 * `[redacted]`. All other bytes stay unchanged, including the order of keys and the white space.
 *
 * @param text UTF-8
 */
export function cleanText(text: Buffer, known: KnownSecrets): CleanText {
  const removed = new Map<LeakCode, number>();
  let bytes = text;
  let spans = scanAll(bytes, known);
  if (spans.some(({ code }) => code === 'credentials-file'))
    return { bytes, removed, left: spans.length, hasTable: true };
  for (let pass = 0; spans.length > 0 && pass < MOST_PASSES; pass++) {
    for (const { code } of spans) removed.set(code, (removed.get(code) ?? 0) + 1);
    bytes = without(bytes, spans);
    spans = scanAll(bytes, known);
  }
  return { bytes, removed, left: spans.length, hasTable: false };
}

const scanAll = (bytes: Buffer, known: KnownSecrets) => scanWhole(bytes, known, { most: Infinity });

function without(text: Buffer, spans: readonly Span[]): Buffer {
  const isJson = /^\s*[[{]/.test(text.toString('latin1', 0, 1024));
  const parts: Buffer[] = [];
  let done = 0;
  for (const span of spans) {
    const { start, end, blank } = isJson ? wholeNumber(text, span) : span;
    if (start < done) continue;
    parts.push(text.subarray(done, start), Buffer.from(blank ?? (isQuoted(text, start, end) ? '' : MASK)));
    done = end;
  }
  return Buffer.concat([...parts, text.subarray(done)]);
}

const [DOUBLE, SINGLE] = [0x22, 0x27];

function isQuoted(text: Buffer, start: number, end: number): boolean {
  const before = text[start - 1];
  // `\"` ends with a quote as well, but begins with a backslash.
  const isEscaped = text[start - 2] === 0x5c;
  const after = isEscaped && text[end] === 0x5c ? text[end + 1] : text[end];
  return (before === DOUBLE || before === SINGLE) && before === after;
}

/** Widens a password of digits to the number around it, because a mask inside a number would break the JSON. */
function wholeNumber(text: Buffer, span: Span): Span {
  let { start, end } = span;
  while (isNumberByte(text[start - 1])) start--;
  while (isNumberByte(text[end])) end++;
  const isAlone = isNumberByte(text[span.start]) && isBorder(text[start - 1]) && isBorder(text[end]);
  const isNumber = /^-?\d[\d.eE+-]*$/.test(text.toString('latin1', start, Math.min(end, start + 400)));
  return isAlone && isNumber ? { ...span, start, end, blank: '""' } : span;
}

const isNumberByte = (byte = 0) =>
  (byte >= 0x30 && byte <= 0x39) || [0x2b, 0x2d, 0x2e, 0x45, 0x65].includes(byte);

/** White space, or a character between values. */
const isBorder = (byte = 0x20) => byte <= 0x20 || [0x2c, 0x3a, 0x5b, 0x5d, 0x7d].includes(byte);
