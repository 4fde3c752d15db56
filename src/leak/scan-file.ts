import { recogniseContent, type TextEncoding } from '../files/content.js';
import type { Content } from './content.js';
import { FileScan } from './file-scan.js';
import type { KnownSecrets } from './known-secrets.js';
import type { Leak, Span } from './leak.js';
import { Positions } from './positions.js';
import { inUtf8 } from './utf8.js';
import { scanWhole } from './window-scan.js';
import { sheetsOf, type Sheet } from './workbook.js';

/** What became of a file that was looked at. */
export interface ScannedFile {
  readonly leaks: readonly Leak[];
  /** Whether there are more, which are not listed. */
  readonly hasMore: boolean;
  /** Why nothing in it can be seen: it is encrypted, as it should be, or packed. */
  readonly closed?: 'encrypted' | 'packed';
}

/**
 * Finds secrets in a file, and says where they are. It reads the file once, and a second time up to the last secret where
 * there is one; it holds little more than a mebibyte of it, but for workbooks.
 *
 * @throws what reading throws
 */
export async function scanFile(content: Content, known: KnownSecrets): Promise<ScannedFile> {
  const file = content.name;
  const head = await headOf(content);
  const kind = recogniseContent(head);
  if (kind.kind === 'age') return { leaks: [], hasMore: false, closed: 'encrypted' };
  const sheets = kind.kind === 'zip' ? await sheetsOf(content) : undefined;
  if (sheets !== undefined) return { leaks: await inSheets(file, sheets, known), hasMore: false };
  const encoding = kind.kind === 'text' ? kind.encoding : 'utf-8';
  const scan = new FileScan(known);
  for await (const part of inUtf8(content.chunks(), encoding)) {
    scan.push(part);
    if (scan.isFull) break;
  }
  const spans = scan.end();
  return {
    leaks: spans.length === 0 ? [] : await locate(content, encoding, spans),
    hasMore: scan.isFull,
    ...(kind.kind !== 'text' && { closed: 'packed' }),
  };
}

/** A line is a row of its sheet. */
async function inSheets(
  file: string,
  sheets: readonly Sheet[],
  known: KnownSecrets,
): Promise<readonly Leak[]> {
  const leaks: Leak[] = [];
  for (const { name, text } of sheets) {
    const content = { name: file, chunks: () => once(text) };
    const spans = scanWhole(text, known);
    const place = sheets.length > 1 ? name : undefined;
    if (spans.length > 0) leaks.push(...(await locate(content, 'utf-8', spans, place)));
  }
  return leaks;
}

async function* once(bytes: Buffer): AsyncGenerator<Buffer, void> {
  yield bytes;
}

async function headOf(content: Content): Promise<Buffer> {
  for await (const part of content.chunks()) return Buffer.from(part);
  return Buffer.alloc(0);
}

async function locate(
  content: Content,
  encoding: TextEncoding,
  spans: readonly Span[],
  sheet?: string,
): Promise<readonly Leak[]> {
  const positions = new Positions(spans.map(({ start }) => start));
  for await (const part of inUtf8(content.chunks(), encoding)) {
    positions.push(part);
    if (positions.isDone) break;
  }
  return spans.map(({ code, place = sheet, device }, index) => ({
    code,
    file: content.name,
    ...(positions.found[index] ?? { line: 1, column: 1 }),
    ...(place !== undefined && place !== '' && { place }),
    ...(device !== undefined && { device }),
  }));
}
