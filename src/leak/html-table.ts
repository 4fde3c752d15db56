import { isPassword, readTitles } from './table-header.js';

/** How far before a heading its row begins, and how far behind it rows are looked at. In bytes. */
const BEFORE = 4096;
const BEHIND = 16_384;

const rows = /<tr\b[^>]*>(.*?)(?=<\/tr|<tr\b|$)/gis;
const cells = /<t[hd]\b[^>]*>(.*?)(?=<\/?t[hdr]\b|$)/gis;

/**
 * A row of an HTML table with a password in it.
 *
 * @param at where a name of a password begins, perhaps in a cell of the first row
 * @returns where the row begins and ends
 */
export function passwordInHtml(
  text: Buffer,
  at: number,
): { readonly start: number; readonly end: number } | undefined {
  if (!/^[\w ]*\s*<\//.test(text.toString('latin1', at, at + 64))) return undefined;
  const from = Math.max(0, at - BEFORE);
  const opening = text.toString('latin1', from, at).toLowerCase().lastIndexOf('<tr');
  if (opening < 0) return undefined;
  const html = text.toString('latin1', from + opening, at + BEHIND);
  const [first, ...others] = html.matchAll(rows);
  const header = readTitles(cellsOf(first?.[1]), 'td');
  if (header === undefined) return undefined;
  // Documents have tables of names, too.
  const certainty = header.certainty === 'certain' ? 'certain' : 'guess';
  for (const row of others) {
    const values = cellsOf(row[1]);
    if (header.columns.some((column) => isPassword(values[column] ?? '', certainty))) {
      const start = from + opening + row.index;
      return { start, end: start + row[0].length };
    }
  }
  return undefined;
}

const cellsOf = (row = '') =>
  [...row.matchAll(cells)].map(([, cell = '']) => cell.replace(/<[^<>]*>/g, '').trim());
