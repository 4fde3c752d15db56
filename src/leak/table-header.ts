import { countKnownColumns } from '../device/columns.js';
import { isFilled, isSecretValue, nameKind } from './secret-names.js';

/** Length of the shortest password; a shorter value is an example. */
const SHORTEST_VALUE = 4;

/** Number of the platform's columns that identify a table of credentials, whatever its cells hold. */
const FEWEST_COLUMNS = 3;

/**
 * Probability that the rows below have passwords. `certain`: the table has the platform's columns. `likely`: another column
 * names an account. `guess`: any other table, such as one in documentation.
 */
export type Certainty = 'certain' | 'likely' | 'guess';

/** A line that names the columns of a table, one of them a password's. */
export interface TableHeader {
  readonly delimiter: string;
  /** Number of columns. */
  readonly width: number;
  /** Indexes of the columns that hold passwords. */
  readonly columns: readonly number[];
  readonly certainty: Certainty;
}

const delimiters = [',', ';', '\t', '|'];

/** A heading: some words without syntax. */
const heading = /^[\w\u0080-\u00ff#][\w\u0080-\u00ff ./#-]{0,39}$/;

/** Titles beside a password in a list of accounts. */
const account =
  /user|login|mail|account|device|client|customer|benutzer|usuario|utilisateur|gebruiker|konto|ger\S{1,2}t|dispositivo|(?:^|[ _])(?:name|nombre|nom|id|host|url|site|server|created)(?:$|[ _])/i;

/**
 * Reads a line as the header of a table.
 *
 * @param line read as Latin-1
 * @param next the line below, which must be a rule in Markdown
 */
export function readTableHeader(line: string, next: string): TableHeader | undefined {
  const isMarkdown = line.trimStart().startsWith('|');
  if (isMarkdown && !isRule(next)) return undefined;
  const found = delimiters
    .filter((delimiter) => (isMarkdown ? delimiter === '|' : line.includes(delimiter)))
    .map(
      (delimiter) =>
        readTitles(splitRow(line, delimiter), delimiter) ??
        // The quotes may be misplaced.
        readTitles(line.split(delimiter), delimiter),
    )
    .filter((header) => header !== undefined)
    .toSorted((a, b) => b.width - a.width)[0];
  return found !== undefined && isMarkdown && found.certainty === 'likely'
    ? { ...found, certainty: 'guess' }
    : found;
}

/** @param cells of the row that may be a header */
function readTitles(cells: readonly string[], delimiter: string): TableHeader | undefined {
  const titles = cells.map(titleOf);
  const columns = titles.flatMap((title, index) => (isPasswordTitle(title) ? [index] : []));
  const named = titles.filter((title) => title !== '');
  if (columns.length === 0 || named.length < 2) return undefined;
  const header = { delimiter, width: titles.length, columns };
  if (countKnownColumns(titles) >= FEWEST_COLUMNS) return { ...header, certainty: 'certain' };
  const isClean = (title: string) => title === '' || (heading.test(title) && title.split(' ').length <= 5);
  // A line of a log has a time or a level before its text.
  if (!titles.slice(1).every(isClean) || /[({=<]/.test(titles[0] ?? '')) return undefined;
  const hasAccount = titles.some((title, index) => !columns.includes(index) && account.test(title));
  return { ...header, certainty: hasAccount && isClean(titles[0] ?? '') ? 'likely' : 'guess' };
}

/** A title without quotes, emphasis, byte order mark and remark in parentheses. */
const titleOf = (cell: string) =>
  cell
    .replace(/["'`*:]|\u00ef\u00bb\u00bf/g, '')
    .trim()
    .replace(/\s*\([^()]*\)$/, '')
    .replace(/\s+/g, ' ');

/** Excludes parts of a sentence: "a wrong password" may stand between commas too. */
const isPasswordTitle = (title: string) =>
  /pass|kennw|contrase|wachtw/i.test(title) &&
  nameKind(title) === 'strong' &&
  title.split(' ').length <= 3 &&
  !/^(?:an?|the|no|and|or|with|your|its) /i.test(title);

/** The line below a header in Markdown and in the output of databases. */
export const isRule = (line: string) => /^[\s|:+-]*--[\s|:+-]*$/.test(line);

/** Splits a line at each delimiter outside of quotes. */
export function splitRow(line: string, delimiter: string): readonly string[] {
  if (delimiter === '|') return line.trim().replace(/^\|/, '').replace(/\|$/, '').split('|');
  if (!line.includes('"')) return line.split(delimiter);
  const cells: string[] = [];
  let isQuoted = false;
  let from = 0;
  for (let at = 0; at < line.length; at++) {
    if (line[at] === '"') isQuoted = !isQuoted;
    else if (line[at] === delimiter && !isQuoted) {
      cells.push(line.slice(from, at));
      from = at + 1;
    }
  }
  cells.push(line.slice(from));
  return cells;
}

/** Whether a cell in a column of passwords holds a password. */
export function isPassword(cell: string, certainty: Certainty): boolean {
  const value = Buffer.from(cell.trim().replace(/^["'`]+|["'`]+$/g, ''), 'latin1').toString();
  if (certainty === 'certain') return isFilled(value);
  if (value.length < SHORTEST_VALUE || /\s/.test(value) || !isSecretValue(value, 'strong')) return false;
  return certainty === 'likely' || /\d|[a-z][A-Z]|[^\w./-]/.test(value);
}

/** Bytes before a heading in which its row begins, and bytes after it in which rows are scanned. */
const BEFORE = 4096;
const BEHIND = 16_384;

const rows = /<tr\b[^>]*>(.*?)(?=<\/tr|<tr\b|$)/gis;
const cells = /<t[hd]\b[^>]*>(.*?)(?=<\/?t[hdr]\b|$)/gis;

/**
 * Finds the first row with a password in an HTML table.
 *
 * @param at beginning of a password's name, which may be in a cell of the header
 * @returns the beginning and end of the row
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
  // Documentation also has tables of names.
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
