/** The limits of Excel itself. */
const MAX_SHEET_ROWS = 1_048_576;
const MAX_SHEET_COLUMNS = 16_384;

/** How large the table of a sheet becomes, empty rows and columns included. */
export interface SheetSize {
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
export function measureSheet(xml: string): SheetSize | undefined {
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
    // Of `r` and `x:r` one reader takes the first, another the last.
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
/** No value of a row or cell holds a quote or an equals sign: one could only look like an attribute. */
const wellFormedTag = /<[\w.:-]+(?:\s+[\w.:-]+\s*=\s*(?:"[^"'<=]*"|'[^"'<=]*'))*\s*\/?>/y;
const referenceAttribute = /[\s:]r\s*=\s*["']([^"']*)["']/g;
const cellReference = /^(?<letters>[A-Z]{0,3})(?<digits>\d{1,7})$/;

/** A is 1, Z is 26, AA is 27. */
function columnNumber(letters: string): number {
  let number = 0;
  for (let i = 0; i < letters.length; i++) number = number * 26 + letters.charCodeAt(i) - 64;
  return number;
}
