import { countKnownColumns } from './columns.js';

/** How a CSV separates its values, and what comes before its header. */
export interface CsvDialect {
  readonly delimiter: string;
  /** Bytes of Excel's `sep=;` line, with its line break; 0 without one. */
  readonly prefixBytes: number;
}

const delimiters = [',', ';', '\t'];

/**
 * Finds the delimiter: the one that Excel's first line `sep=;` names, else the one that splits the header
 * into most of the platform's columns, else into most columns.
 *
 * @param start the first bytes of the text, with its whole header
 */
export function detectDialect(start: Buffer): CsvDialect {
  const text = start.toString('utf8', 0, MAX_HEADER_BYTES);
  const named = /^sep=([^"\w\r\n])(?:\r\n|\n|\r|$)/i.exec(text);
  if (named?.[1] !== undefined && named[1].charCodeAt(0) < 0x80) {
    return { delimiter: named[1], prefixBytes: named[0].length };
  }
  const header = text.split(/[\r\n]/).find((line) => line.trim() !== '') ?? '';
  let best = { delimiter: ',', known: 0, count: 0 };
  for (const delimiter of delimiters) {
    const titles = header.split(delimiter).map((title) => title.replaceAll('"', ''));
    const candidate = { delimiter, known: countKnownColumns(titles), count: titles.length };
    if (candidate.known > best.known || (candidate.known === best.known && candidate.count > best.count)) {
      best = candidate;
    }
  }
  return { delimiter: best.delimiter, prefixBytes: 0 };
}

/** Whether the text holds a whole line that is not empty, and so enough for {@link detectDialect}. */
export function hasHeader(start: Buffer): boolean {
  if (start.length >= MAX_HEADER_BYTES) return true;
  const text = start.toString('latin1').replace(/^sep=.[\r\n]+/i, '');
  return /[\r\n]/.test(text.trimStart());
}

const MAX_HEADER_BYTES = 64 * 1024;
