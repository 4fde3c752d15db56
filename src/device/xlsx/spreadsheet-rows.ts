import { readSheet } from 'read-excel-file/node';
import { isFormulaError } from '../cell-problems.js';
import { chooseSheet } from './choose-sheet.js';
import type { Findings } from '../diagnostic.js';
import type { RowReader } from '../row-reader.js';
import { storedZip, unzip, ZipMalformed, ZipTooLarge } from './zip.js';

/** How many rows a sheet may have, the header included. They are all in memory at once. */
export const MAX_SPREADSHEET_ROWS = 100_000;

/** To how many bytes a workbook may unpack: 256 MiB. 100,000 devices take about 80. */
const MAX_UNPACKED_BYTES = 256 * 2 ** 20;

/** How many cells a sheet may have, empty ones included: each takes memory. */
const MAX_CELLS = 10_000_000;

/** A cell of a spreadsheet whose formula ends in an error. */
class ErrorCell {
  readonly error: string;

  constructor(error: string) {
    this.error = error;
  }
}

/** A number with the digits that the file has: parsing it could lose some. */
class NumberCell {
  readonly digits: string;

  constructor(digits: string) {
    this.digits = digits;
  }
}

/**
 * Reads the sheet of an .xlsx workbook that holds the credentials. read-excel-file trusts the sizes that an archive declares and
 * makes room for every row and column that a sheet names, so that it only gets to see an archive that was
 * unpacked, measured and packed again here.
 *
 * @param workbook the whole file
 */
export async function readSpreadsheet(
  workbook: Buffer,
  reader: RowReader,
  findings: Findings,
): Promise<void> {
  const entries = unpackWorkbook(workbook, findings);
  if (entries === undefined) return;
  let sheet: readonly (readonly unknown[])[];
  try {
    const number = await chooseSheet(entries, findings);
    if (number === undefined) return;
    sheet = await readSheet(storedZip(entries), number, {
      trim: false,
      parseNumber: (digits) => (isFormulaError(digits) ? new ErrorCell(digits) : new NumberCell(digits)),
    });
  } catch {
    // Its message may quote a cell.
    findings.error('spreadsheet-malformed', {});
    return;
  }
  for (const [index, cells] of sheet.entries()) {
    const typed = new Map<number, true | string>();
    const fields = cells.map((cell, column) => {
      if (typeof cell === 'string') return cell;
      if (cell === null) return '';
      typed.set(column, cell instanceof ErrorCell ? cell.error : true);
      return typedText(cell);
    });
    reader.row(fields, index + 1, typed);
  }
}

/** Gives what read-excel-file may read, or reports why not. */
function unpackWorkbook(workbook: Buffer, findings: Findings): ReadonlyMap<string, Buffer> | undefined {
  try {
    const entries = unzip(workbook, (name) => /\.(?:xml|rels)$/.test(name), MAX_UNPACKED_BYTES);
    for (const content of entries.values()) {
      if (!isTable(content)) continue;
      const xml = content.toString('latin1');
      const size = splitText.test(xml) ? undefined : measureSheet(xml);
      if (size === undefined) throw new ZipMalformed();
      if (size.rows > MAX_SPREADSHEET_ROWS) {
        findings.error('spreadsheet-too-many-rows', { limit: MAX_SPREADSHEET_ROWS });
        return undefined;
      }
      if (size.rows * size.columns > MAX_CELLS) throw new ZipTooLarge();
    }
    return new Map([...entries].map(([name, content]) => [name, withErrors(content)]));
  } catch (error) {
    if (error instanceof ZipTooLarge) {
      findings.error('spreadsheet-too-large', { limit: MAX_UNPACKED_BYTES });
    } else if (error instanceof ZipMalformed) {
      findings.error('spreadsheet-malformed', {});
    } else {
      throw error;
    }
    return undefined;
  }
}

/**
 * Errors of formulas as numbers: read-excel-file takes a cell of type `e` for an empty one, and hands the digits of a
 * number over as they are. Without its style a number is no date.
 */
function withErrors(content: Buffer): Buffer {
  if (!isTable(content)) return content;
  const xml = content.toString('latin1');
  if (!errorType.test(xml)) return content;
  const rewritten = xml.replace(/<(?:[\w.-]+:)?c\s[^<>]*>/g, (tag) =>
    errorType.test(tag) ? tag.replace(/\s[ts]\s*=\s*(?:"[^"]*"|'[^']*')/g, '') : tag,
  );
  return Buffer.from(rewritten, 'latin1');
}

const errorType = /\st\s*=\s*(?:"e"|'e')/;

/** Only worksheets and shared strings hold values. */
const isTable = (xml: Buffer) => xml.includes('sheetData') || xml.includes('sst');

/**
 * A comment or CDATA inside a value: read-excel-file keeps only what follows it. No program writes one. That
 * a tag ends at its first `>`, quoted or not, keeps the search linear and finds no less.
 */
const splitText = /<(?:[\w.-]+:)?[tv](?:\s[^<>]*)?>[^<]*<!/;

function typedText(cell: unknown): string {
  if (cell instanceof NumberCell) return cell.digits;
  if (cell instanceof ErrorCell) return cell.error;
  // A number beyond what a Date can hold: toISOString would throw.
  if (cell instanceof Date) return Number.isNaN(cell.getTime()) ? String(cell) : cell.toISOString();
  return cell === true ? 'TRUE' : 'FALSE';
}

/** The limits of Excel itself. */
const MAX_SHEET_ROWS = 1_048_576;
const MAX_SHEET_COLUMNS = 16_384;

/** How large the table of a sheet becomes, empty rows and columns included. */
interface SheetSize {
  readonly rows: number;
  readonly columns: number;
}

/**
 * Finds how many rows and columns a sheet claims to have, before a parser makes an array of them: a single
 * `<c r="XFD1048576">` stands for 17 billion cells.
 *
 * It is strict where XML readers may differ, so that the parser can see no row or cell that was not counted
 * here.
 *
 * @param xml a worksheet (ECMA-376 part 1, 18.3.1)
 * @returns `undefined` when the rows and cells are not written as any spreadsheet program writes them
 */
function measureSheet(xml: string): SheetSize | undefined {
  let rows = 0;
  let lastRow = 0;
  let columns = 0;
  for (const { 1: name, index } of xml.matchAll(rowOrCell)) {
    wellFormedTag.lastIndex = index;
    const tag = wellFormedTag.exec(xml)?.[0];
    if (tag === undefined) return undefined;
    if (name === 'row') rows++;
    referenceAttribute.lastIndex = 0;
    const reference = referenceAttribute.exec(tag)?.[1];
    if (reference === undefined) continue;
    // With both `r` and `x:r`, some readers take the first, others the last.
    if (referenceAttribute.test(tag)) return undefined;
    const { letters = '', digits } = cellReference.exec(reference)?.groups ?? {};
    const row = Number(digits);
    const column = columnNumber(letters);
    if (!(row >= 1 && row <= MAX_SHEET_ROWS) || column > MAX_SHEET_COLUMNS) return undefined;
    lastRow = Math.max(lastRow, row);
    columns = Math.max(columns, column);
  }
  return { rows: Math.max(rows, lastRow), columns };
}

const rowOrCell = /<(?:[^\s<>/]*:)?(row|c)(?![\w.:-])/g;
/** No attribute value of a row or cell contains a quote or an equals sign, which could look like another attribute. */
const wellFormedTag = /<[\w.:-]+(?:\s+[\w.:-]+\s*=\s*(?:"[^"'<=]*"|'[^"'<=]*'))*\s*\/?>/y;
const referenceAttribute = /[\s:]r\s*=\s*["']([^"']*)["']/g;
const cellReference = /^(?<letters>[A-Z]{0,3})(?<digits>\d{1,7})$/;

/** A is 1, Z is 26, AA is 27. */
function columnNumber(letters: string): number {
  let number = 0;
  for (let i = 0; i < letters.length; i++) number = number * 26 + letters.charCodeAt(i) - 64;
  return number;
}
