import { crc32, deflateRawSync } from 'node:zlib';

export interface ZipOptions {
  /** Overrides the declared size of every entry. */
  readonly declaredSize?: number;
  readonly stored?: boolean;
  /** How many times the directory lists each entry; the bytes are there once. */
  readonly listed?: number;
}

/** Writes a ZIP archive, honest unless told otherwise. */
export function zip(entries: Readonly<Record<string, string | Buffer>>, options: ZipOptions = {}): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, content] of Object.entries(entries)) {
    const data = Buffer.from(content);
    const packed = options.stored === true ? data : deflateRawSync(data);
    const header = Buffer.alloc(26);
    header.writeUInt16LE(20, 0);
    header.writeUInt16LE(options.stored === true ? 0 : 8, 4);
    header.writeUInt32LE(crc32(data), 10);
    header.writeUInt32LE(packed.length, 14);
    header.writeUInt32LE(options.declaredSize ?? data.length, 18);
    header.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), header, Buffer.from(name), packed]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    directory.push(Buffer.from('PK\x01\x02\x14\x00'), header, rest, Buffer.from(name));
    parts.push(local);
    offset += local.length;
  }
  const times = options.listed ?? 1;
  const listed = Buffer.concat(Array.from({ length: times }, () => directory).flat());
  const count = Object.keys(entries).length * times;
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(listed.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, listed, end]);
}

const escape = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

/** A text, or a piece of XML that stands in a cell's place: `{ t: 'b', v: '1' }` is a boolean. */
export type CellSource = string | { readonly t: string; readonly v: string; readonly s?: string };

/** The XML of a worksheet; a row that is `undefined` is left out, as Excel leaves out blank ones. */
export function sheetXml(rows: readonly (readonly CellSource[] | undefined)[]): string {
  const lines = rows.map((cells, i) => {
    if (cells === undefined) return '';
    const xml = cells.map((cell, j) => {
      const reference = `${String.fromCharCode(65 + j)}${i + 1}`;
      if (cell === '') return '';
      if (typeof cell !== 'string')
        return `<c r="${reference}" t="${cell.t}"${cell.s === undefined ? '' : ` s="${cell.s}"`}><v>${cell.v}</v></c>`;
      return `<c r="${reference}" t="inlineStr"><is><t xml:space="preserve">${escape(cell)}</t></is></c>`;
    });
    return `<row r="${i + 1}">${xml.join('')}</row>`;
  });
  return `<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>${lines.join('')}</sheetData></worksheet>`;
}

const relations = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';

/** A sheet by its name; `state` is `hidden` or `veryHidden`. */
export interface SheetSource {
  readonly name: string;
  readonly xml: string;
  readonly state?: string;
  /** `chartsheet` for a diagram. */
  readonly type?: string;
}

/** A whole .xlsx workbook with one sheet. */
export const workbook = (sheet: string, options: ZipOptions = {}): Buffer =>
  workbookOf([{ name: 'Devices', xml: sheet }], options);

/** A whole .xlsx workbook. */
export function workbookOf(sheets: readonly SheetSource[], options: ZipOptions = {}): Buffer {
  const listed = sheets.map(
    ({ name, state }, i) =>
      `<sheet name="${name}" sheetId="${i + 1}"${state === undefined ? '' : ` state="${state}"`} r:id="rId${i + 1}"/>`,
  );
  const related = sheets.map(
    ({ type = 'worksheet' }, i) =>
      `<Relationship Id="rId${i + 1}" Type="${relations}/${type}" Target="worksheets/sheet${i + 1}.xml"/>`,
  );
  return zip(
    {
      'xl/workbook.xml': `<workbook xmlns:r="${relations}"><sheets>${listed.join('')}</sheets></workbook>`,
      'xl/_rels/workbook.xml.rels': `<Relationships>${related.join('')}<Relationship Id="rId0" Type="${relations}/styles" Target="styles.xml"/></Relationships>`,
      'xl/styles.xml': '<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>',
      ...Object.fromEntries(sheets.map(({ xml }, i) => [`xl/worksheets/sheet${i + 1}.xml`, xml])),
    },
    options,
  );
}
