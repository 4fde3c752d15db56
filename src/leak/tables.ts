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

/** A longer line is no row that a person sees. In bytes. */
const LONGEST_LINE = 16_384;

/** With more lines in between that are none of its own, a table is over: a log may have some. */
const mostOthers: Readonly<Record<Certainty, number>> = { certain: 20, likely: 2, guess: 1 };

/** A heading in quotes may have line breaks in it. */
const MOST_HEADER_LINES = 3;

interface Table {
  readonly header: TableHeader;
  /** Where its header begins, in bytes of the file. */
  readonly start: number;
  /** Where its last row so far ends. */
  end: number;
  /** Where the first line begins that was not read yet. */
  next: number;
  /** How many of the last lines were no rows. */
  others: number;
  /** Whether a password was found in it: no other of its rows is reported. */
  isFound: boolean;
}

/**
 * Finds tables with a column of passwords anywhere in a text, and at least one of them filled: credentials files, also
 * damaged ones, and parts of logs and documents. It is more lenient than a reader of credentials: every line counts by
 * itself, split with and without regard to quotes, and counted from either end.
 */
export class TableScan {
  readonly #onSpan: (span: Span) => void;
  readonly #found: Pick<Table, 'start' | 'end'>[] = [];
  #table: Table | undefined;

  constructor(onSpan: (span: Span) => void) {
    this.#onSpan = onSpan;
  }

  /** Whether a place is in a table that was reported: nothing else is said of it. */
  isInTable(place: number): boolean {
    return this.#found.some(({ start, end }) => place >= start && place < end);
  }

  /**
   * Looks at a window on the text, each of which begins before the one before it ended.
   *
   * @param anchors those in the part that is new
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
      this.#table = { header, start: base + start, end: place, next: place, others: 0, isFound: false };
    }
    this.#readRows(text, base, text.length, isLast);
  }

  /** Reads on in the table that is open. @param isWhole whether the last line up to there is not cut off */
  #readRows(text: Buffer, base: number, to: number, isWhole: boolean): void {
    const table = this.#table;
    if (table === undefined) return;
    const most = mostOthers[table.header.certainty];
    let at = Math.max(0, table.next - base);
    while (at < to && table.others <= most) {
      const end = lineEnd(text, at, to);
      if (end === to && !isWhole) break;
      const line = text.toString('latin1', at, Math.min(end, at + LONGEST_LINE));
      if (isRow(line, table.header)) {
        table.others = 0;
        table.end = base + end;
        if (!table.isFound && holdsPassword(line, table.header)) {
          table.isFound = true;
          this.#found.push(table);
          this.#onSpan({ code: 'credentials-file', start: base + at, end: base + end });
        }
      } else if (!isRule(line) && (line.trim() !== '' || table.header.certainty === 'guess')) {
        table.others++;
      }
      at = end + (text[end] === 0x0d && text[end + 1] === 0x0a ? 2 : 1);
    }
    table.next = base + at;
    if (table.others > most) this.#table = undefined;
  }
}

/** Where a line ends: at its line feed or carriage return, or where the text does. */
function lineEnd(text: Buffer, from: number, to: number): number {
  for (let at = from; at < to; at++) if (text[at] === 0x0a || text[at] === 0x0d) return at;
  return to;
}

/** Where a line begins. */
function lineStart(text: Buffer, from: number): number {
  const least = Math.max(0, from - LONGEST_LINE);
  for (let at = from; at > least; at--) if (text[at - 1] === 0x0a || text[at - 1] === 0x0d) return at;
  return least;
}

/** What a title for passwords begins with, read as Latin-1. */
const title = /^(?:pass(?:word|wd|phrase|wort)|kennwort|contrase\S{1,2}a|mot[ _-]?de[ _-]?passe|wachtwoord)/i;

/** The first letters of those. */
const initials: ReadonlySet<number> = new Set(Buffer.from('pkcmwPKCMW'));

/** Where a title for passwords ends; most other names are told by their first letter. */
function titleEnd(text: Buffer, at: number): number | undefined {
  if (!initials.has(text[at] ?? 0)) return undefined;
  const [word] = title.exec(text.toString('latin1', at, at + 16)) ?? [];
  return word === undefined ? undefined : at + word.length;
}

/** Most names of passwords are in no table: what follows them, but for quotes, tells. */
const isCellEnd = (text: Buffer, at: number) =>
  /^["'`*:]*\s*(?:\([^()\r\n]*\))?["'`*:]*[ ]*(?:[,;\t|\r\n]|$)/.test(text.toString('latin1', at, at + 60));

/** The header that a name stands in, over several lines if quotes are open. */
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

/** Before the line break that ends at a place. */
const skipBack = (text: Buffer, at: number) => at - (text[at - 1] === 0x0a && text[at - 2] === 0x0d ? 2 : 1);

/** Whether a line may be one of a table. One value more or less does not count. */
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
