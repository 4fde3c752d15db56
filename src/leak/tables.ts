import type { Anchor } from './anchors.js';
import {
  passwordInHtml,
  isPassword,
  isRule,
  readTableHeader,
  splitRow,
  type Certainty,
  type TableHeader,
} from './table-header.js';
import type { Span } from './leak.js';

/** Limit on the length of a row, in bytes. */
const LONGEST_LINE = 16_384;

/** Number of foreign lines in a row that a table may contain, e.g. in a log; after more, the table has ended. */
const mostForeignLines: Readonly<Record<Certainty, number>> = { certain: 20, likely: 2, guess: 1 };

/** Limit on the lines of a header, because a quoted heading may contain line breaks. */
const MOST_HEADER_LINES = 3;

interface Table {
  readonly header: TableHeader;
  /** Beginning of its header, in bytes of the file. */
  readonly start: number;
  /** End of its last row so far. */
  end: number;
  /** Beginning of the first unread line. */
  next: number;
  /** Number of foreign lines after the last row. */
  foreignLines: number;
  /** Whether a row with a password was reported; only the first one is. */
  isFound: boolean;
}

/**
 * Finds tables with a filled column of passwords anywhere in a text: credentials files, including damaged ones, and parts
 * of logs and documents. It is more lenient than the reader of credentials files: each line is judged by itself, split
 * with and without regard to quotes, and its columns are counted from both ends.
 */
export class TableScan {
  readonly #onSpan: (span: Span) => void;
  readonly #found: Pick<Table, 'start' | 'end'>[] = [];
  #table: Table | undefined;

  constructor(onSpan: (span: Span) => void) {
    this.#onSpan = onSpan;
  }

  /** Whether a place is in a reported table, in which no further secrets are reported. */
  isInTable(place: number): boolean {
    return this.#found.some(({ start, end }) => place >= start && place < end);
  }

  /**
   * Scans a window on the text. Each window begins before the end of the previous one.
   *
   * @param anchors those in the new part of the window
   */
  scan(text: Buffer, base: number, anchors: readonly Anchor[], isLast: boolean): void {
    for (const { kind, at } of anchors) {
      const nameEnd = kind === 'name' ? titleEnd(text, at) : undefined;
      if (nameEnd === undefined) continue;
      const inHtml = passwordInHtml(text, at);
      if (inHtml !== undefined && !this.isInTable(base + at)) {
        const { start, end } = inHtml;
        this.#found.push({ start: base + at, end: base + end });
        this.#onSpan({ code: 'credentials-file', start: base + start, end: base + end });
      }
      if (!isCellEnd(text, nameEnd)) continue;
      if (this.#table !== undefined && base + at < this.#table.next) continue;
      const found = headerAround(text, at);
      if (found === undefined) continue;
      this.#readRows(text, base, found.start, true);
      const { header, start, end } = found;
      const place = base + end;
      this.#table = { header, start: base + start, end: place, next: place, foreignLines: 0, isFound: false };
    }
    this.#readRows(text, base, text.length, isLast);
  }

  /** Reads further rows of the open table. @param isWhole whether the last line is complete */
  #readRows(text: Buffer, base: number, to: number, isWhole: boolean): void {
    const table = this.#table;
    if (table === undefined) return;
    const most = mostForeignLines[table.header.certainty];
    let at = Math.max(0, table.next - base);
    while (at < to && table.foreignLines <= most) {
      const end = lineEnd(text, at, to);
      if (end === to && !isWhole) break;
      const line = text.toString('latin1', at, Math.min(end, at + LONGEST_LINE));
      if (isRow(line, table.header)) {
        table.foreignLines = 0;
        table.end = base + end;
        if (!table.isFound && holdsPassword(line, table.header)) {
          table.isFound = true;
          this.#found.push(table);
          this.#onSpan({ code: 'credentials-file', start: base + at, end: base + end });
        }
      } else if (!isRule(line) && (line.trim() !== '' || table.header.certainty === 'guess')) {
        table.foreignLines++;
      }
      at = end + (text[end] === 0x0d && text[end + 1] === 0x0a ? 2 : 1);
    }
    table.next = base + at;
    if (table.foreignLines > most) this.#table = undefined;
  }
}

/** End of a line: its line feed or carriage return, or the end of the text. */
function lineEnd(text: Buffer, from: number, to: number): number {
  for (let at = from; at < to; at++) if (text[at] === 0x0a || text[at] === 0x0d) return at;
  return to;
}

/** Beginning of a line. */
function lineStart(text: Buffer, from: number): number {
  const least = Math.max(0, from - LONGEST_LINE);
  for (let at = from; at > least; at--) if (text[at - 1] === 0x0a || text[at - 1] === 0x0d) return at;
  return least;
}

/** Beginnings of titles for passwords, read as Latin-1. */
const title = /^(?:pass(?:word|wd|phrase|wort)|kennwort|contrase\S{1,2}a|mot[ _-]?de[ _-]?passe|wachtwoord)/i;

/** The first letters of these titles. */
const initials: ReadonlySet<number> = new Set(Buffer.from('pkcmwPKCMW'));

/** End of a title for passwords. Most other names differ in their first letter. */
function titleEnd(text: Buffer, at: number): number | undefined {
  if (!initials.has(text[at] ?? 0)) return undefined;
  const [word] = title.exec(text.toString('latin1', at, at + 16)) ?? [];
  return word === undefined ? undefined : at + word.length;
}

/** Whether a name ends a cell. This check is fast, and excludes most names. */
const isCellEnd = (text: Buffer, at: number) =>
  /^["'`*:]*\s*(?:\([^()\r\n]*\))?["'`*:]*[ ]*(?:[,;\t|\r\n]|$)/.test(text.toString('latin1', at, at + 60));

/** The header that contains a name, over several lines if quotes are open. */
function headerAround(text: Buffer, at: number) {
  let start = lineStart(text, at);
  let end = lineEnd(text, at, text.length);
  const isBalanced = () => (text.toString('latin1', start, end).split('"').length & 1) === 1;
  if (!isBalanced()) {
    const [firstStart, firstEnd] = [start, end];
    for (let line = 1; line < MOST_HEADER_LINES && start > 0 && !isBalanced(); line++)
      start = lineStart(text, skipBack(text, start));
    if (!isBalanced()) start = firstStart;
    for (let line = 1; line < MOST_HEADER_LINES && end < text.length && !isBalanced(); line++)
      end = lineEnd(text, end + 1, text.length);
    if (!isBalanced()) end = firstEnd;
  }
  const below = text[end] === 0x0d && text[end + 1] === 0x0a ? end + 2 : end + 1;
  const next = text.toString(
    'latin1',
    below,
    Math.min(lineEnd(text, below, text.length), below + LONGEST_LINE),
  );
  const line = text.toString('latin1', start, Math.min(end, start + LONGEST_LINE)).replace(/[\r\n]+/g, ' ');
  const header = readTableHeader(line, next);
  return header && { header, start, end: below };
}

/** The place before the line break that ends here. */
const skipBack = (text: Buffer, at: number) => at - (text[at - 1] === 0x0a && text[at - 2] === 0x0d ? 2 : 1);

/** Whether a line may be a row of a table. One value more or less is tolerated. */
function isRow(line: string, { delimiter, width, certainty }: TableHeader): boolean {
  if (!line.includes(delimiter) || isRule(line)) return false;
  const most = certainty === 'guess' ? 0 : 1;
  return [splitRow(line, delimiter).length, line.split(delimiter).length].some(
    (length) => Math.abs(length - width) <= most || (certainty === 'certain' && length > width),
  );
}

function holdsPassword(line: string, { delimiter, width, columns, certainty }: TableHeader): boolean {
  const split = splitRow(line, delimiter);
  const naive = delimiter === '|' ? split : line.split(delimiter);
  return columns.some((column) =>
    [split[column], naive[column], naive[naive.length - width + column]].some(
      (cell) => cell !== undefined && isPassword(cell, certainty),
    ),
  );
}
