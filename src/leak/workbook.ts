import { MAX_HELD_BYTES } from '../device/source/credentials-file.js';
import { unzip, ZipMalformed, ZipTooLarge } from '../device/xlsx/zip.js';
import { readAtMost, type Repeatable } from '../files/read-file.js';

/** Limit on the unpacked size of a workbook: 256 MiB. */
const MAX_UNPACKED_BYTES = 256 * 2 ** 20;

/** Limit on empty rows in a gap, because a row may claim to be the millionth. */
const MOST_EMPTY_ROWS = 1000;

/** A sheet as text: one line per row, with tabs between the cells. */
export interface Sheet {
  /** Name of its file in the archive. */
  readonly name: string;
  readonly text: Buffer;
}

/**
 * Reads every sheet of a workbook (ECMA-376 part 1, 18.3 and 18.4) as text. Unlike the reader of credentials files, it
 * accepts invalid sheets: everything that looks like a cell is scanned.
 *
 * @returns `undefined` if this is not a workbook, or cannot be unpacked
 */
export async function sheetsOf(content: Repeatable): Promise<readonly Sheet[] | undefined> {
  const archive = await readAtMost(content.chunks(), MAX_HELD_BYTES);
  if (archive === undefined) return undefined;
  try {
    const entries = unzip(archive, (name) => /\.xml$/i.test(name), MAX_UNPACKED_BYTES);
    const xmls = [...entries].map(([name, bytes]) => ({ name, xml: bytes.toString() }));
    const shared = xmls.flatMap(({ xml }) => sharedStrings(xml));
    const sheets = xmls.filter(({ xml }) => /<(?:\w+:)?sheetData\b/.test(xml));
    return sheets.length === 0
      ? undefined
      : sheets.map(({ name, xml }) => ({ name, text: Buffer.from(textOf(xml, shared)) }));
  } catch (error) {
    if (error instanceof ZipMalformed || error instanceof ZipTooLarge) return undefined;
    throw error;
  }
}

function sharedStrings(xml: string): readonly string[] {
  if (!/<(?:\w+:)?sst\b/.test(xml)) return [];
  return [...xml.matchAll(/<(?:\w+:)?si\b[^>]*?(?:\/>|>(.*?)<\/(?:\w+:)?si>)/gs)].map(([, item = '']) =>
    plainText(item),
  );
}

function textOf(xml: string, shared: readonly string[]): string {
  const lines: string[] = [];
  for (const [, attributes = '', row = ''] of xml.matchAll(
    /<(?:\w+:)?row\b([^>]*?)(?:\/>|>(.*?)<\/(?:\w+:)?row>)/gs,
  )) {
    const number = Number(/\br="(\d+)"/.exec(attributes)?.[1] ?? lines.length + 1);
    const empty = Math.min(number - 1 - lines.length, MOST_EMPTY_ROWS);
    for (let line = 0; line < empty; line++) lines.push('');
    lines.push(cellsOf(row, shared).join('\t'));
  }
  return lines.join('\n');
}

function cellsOf(row: string, shared: readonly string[]): readonly string[] {
  const cells: string[] = [];
  for (const [, attributes = '', inside = ''] of row.matchAll(
    /<(?:\w+:)?c\b([^>]*?)(?:\/>|>(.*?)<\/(?:\w+:)?c>)/gs,
  )) {
    const column = columnOf(/\br="([A-Z]{1,3})\d+"/i.exec(attributes)?.[1]) ?? cells.length;
    while (cells.length < column) cells.push('');
    const [, value = ''] = /<(?:\w+:)?v\b[^>]*>(.*?)<\/(?:\w+:)?v>/s.exec(inside) ?? [];
    const isShared = /\bt="s"/.test(attributes);
    const text = isShared
      ? (shared[Number(value)] ?? '')
      : value === ''
        ? plainText(inside)
        : unescape(value);
    cells.push(text.replace(/[\t\r\n]+/g, ' '));
  }
  return cells;
}

/** Index of a column, from the letters of a reference such as `AB12`. */
function columnOf(letters: string | undefined): number | undefined {
  if (letters === undefined) return undefined;
  let column = 0;
  for (const byte of Buffer.from(letters.toUpperCase())) column = column * 26 + byte - 64;
  return column - 1;
}

/** The text of all runs of a cell. */
const plainText = (xml: string) =>
  [...xml.matchAll(/<(?:\w+:)?t\b[^>]*>(.*?)<\/(?:\w+:)?t>/gs)]
    .map(([, text = '']) => unescape(text))
    .join('');

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

const unescape = (text: string) =>
  text.replace(/&(\w+);/g, (entity, name: string) => entities[name] ?? entity);
