import { countKnownColumns } from '../columns.js';

/** How a CSV separates its values, and what comes before its header. */
export interface CsvDialect {
  readonly delimiter: string;
  /** Bytes before the first row that means something: byte order marks, and Excel's `sep=;` line with its end. */
  readonly prefixBytes: number;
  /** Lines in them: 0 or 1. */
  readonly prefixLines: number;
}

const delimiters = [',', ';', '\t'];

/**
 * Further byte order marks, which programs that join files leave, and Excel's line `sep=;`. A program that reads it as
 * a row and saves it again quotes it, or fills it up with delimiters of its own.
 */
const prefix = /^\ufeff*(?:"?sep=(?:([^"\w\s]|\t)|\\t)?"?[,;|\t "]*(?:\r\n|\n|\r|$))?/i;

/**
 * Finds the delimiter: the one that splits the header into most of the platform's columns, else into most columns. The
 * one that Excel's line `sep=;` names takes precedence among equals: a file that was saved again may have another.
 *
 * @param start the first bytes of the text, with its whole header
 */
export function detectDialect(start: Buffer): CsvDialect {
  const text = start.toString('utf8', 0, MAX_HEADER_BYTES);
  const [before = '', named = ','] = prefix.exec(text) ?? [];
  const header =
    text
      .slice(before.length)
      .split(/[\r\n]/)
      .find((line) => line.trim() !== '') ?? '';
  let best = { delimiter: ',', known: 0, count: 0 };
  for (const delimiter of new Set([...(named.charCodeAt(0) < 0x80 ? [named] : []), ...delimiters])) {
    const titles = header.split(delimiter).map((title) => title.replaceAll('"', ''));
    const candidate = { delimiter, known: countKnownColumns(titles), count: titles.length };
    if (candidate.known > best.known || (candidate.known === best.known && candidate.count > best.count)) {
      best = candidate;
    }
  }
  return {
    delimiter: best.delimiter,
    prefixBytes: Buffer.byteLength(before),
    prefixLines: /[\r\n]$/.test(before) ? 1 : 0,
  };
}

/** Whether the text holds a whole line that is not empty, and so enough for {@link detectDialect}. */
export function hasHeader(start: Buffer): boolean {
  if (start.length >= MAX_HEADER_BYTES) return true;
  const text = start.toString().replace(prefix, '');
  return /[\r\n]/.test(text.trimStart());
}

const MAX_HEADER_BYTES = 64 * 1024;
