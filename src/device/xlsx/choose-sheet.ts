import readWorkbook, { InvalidSpreadsheetError } from 'read-excel-file/node';
import { countKnownColumns, hasRequiredColumns } from '../columns.js';
import type { Findings } from '../diagnostic.js';
import { storedZip } from './zip.js';

/** Rows of each sheet that are searched for a header; most blank rows are not in the file. */
const HEAD_ROWS = 200;

/** Fewest known columns of a header, even if other columns are misspelt. */
const FEWEST_COLUMNS = 2;

interface Sheet {
  /** Counted from 1. */
  readonly number: number;
  readonly name: string;
  readonly isHidden: boolean;
  /** Its first row that is not blank; none: the sheet is empty. */
  readonly titles: readonly string[];
}

/**
 * Finds the sheet that holds the credentials: some programs put a summary before it. A visible sheet takes precedence over
 * hidden ones; several visible ones are an error, because each may hold devices.
 *
 * @param entries of the workbook
 * @returns its number, counted from 1; `undefined` after an error was reported
 */
export async function chooseSheet(
  entries: ReadonlyMap<string, Buffer>,
  findings: Findings,
): Promise<number | undefined> {
  const states = statesOf(entries.get('xl/workbook.xml')?.toString('utf8') ?? '');
  if (states.length < 2) return 1;
  const sheets = await headsOf(entries, states);
  // One of the sheets cannot be read, but it may not be the right one.
  if (sheets === undefined) return 1;
  const visible = sheets.filter(({ isHidden }) => !isHidden);
  for (const among of [visible, sheets]) {
    const [first, ...more] = among.filter(({ titles }) => hasRequiredColumns(titles));
    if (first === undefined) continue;
    if (more.length > 0)
      findings.error('spreadsheet-ambiguous', { sheets: [first, ...more].map(({ name }) => name) });
    // Even if there are several: a scan for secrets must find the values in it.
    return first.number;
  }
  const likely = [...visible, ...sheets].find(({ titles }) => countKnownColumns(titles) >= FEWEST_COLUMNS);
  if (likely !== undefined) return likely.number;
  const filled = sheets.filter(({ titles }) => titles.length > 0);
  if (filled.length < 2) return filled[0]?.number ?? 1;
  findings.error('spreadsheet-no-table', { sheets: filled.map(({ name }) => name) });
  return undefined;
}

/** Which sheets are hidden, in the order of the workbook. @see ECMA-376 part 1, 18.2.19 (sheet) */
function statesOf(workbook: string): readonly boolean[] {
  return [...workbook.matchAll(/<(?:[\w.-]+:)?sheet\s[^<>]*>/g)]
    .filter(([tag]) => /\sname\s*=\s*["'][^"']/.test(tag))
    .map(([tag]) => /\sstate\s*=\s*["'](?:hidden|veryHidden)["']/.test(tag));
}

async function headsOf(
  entries: ReadonlyMap<string, Buffer>,
  states: readonly boolean[],
): Promise<readonly Sheet[] | undefined> {
  const heads = new Map([...entries].map(([name, content]) => [name, headOf(content)]));
  const read = readWorkbook(storedZip(heads), { trim: false, parseNumber: (digits) => digits });
  const sheets = await read.catch((error: unknown) => {
    if (error instanceof InvalidSpreadsheetError) return undefined;
    throw error;
  });
  return sheets?.map(({ sheet, data }, index) => {
    // A sheet that is only a diagram has no data.
    const rows = (data as typeof data | undefined)?.map((cells) => cells.map((cell) => String(cell ?? '')));
    return {
      number: index + 1,
      name: sheet,
      isHidden: states[index] ?? false,
      titles: rows?.find((cells) => cells.some((cell) => cell.trim() !== '')) ?? [],
    };
  });
}

/** A worksheet with only its first rows; any other file unchanged. */
function headOf(content: Buffer): Buffer {
  const xml = content.toString('latin1');
  const end = xml.search(/<\/(?:[\w.-]+:)?sheetData\s*>/);
  if (end < 0) return content;
  let rows = 0;
  for (const { index } of xml.matchAll(/<(?:[\w.-]+:)?row(?![\w.:-])/g)) {
    if (++rows > HEAD_ROWS) return Buffer.from(xml.slice(0, index) + xml.slice(end), 'latin1');
  }
  return content;
}
