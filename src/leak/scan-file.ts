import { inMemory, type NamedContent } from '../files/read-file.js';
import { recogniseContent, type TextEncoding } from '../files/content.js';
import type { KnownSecrets } from './known-secrets.js';
import { type Leak, type Span, mergeSpans } from './leak.js';
import { Positions } from './positions.js';
import { scanWhole, WindowScan } from './window-scan.js';
import { sheetsOf, type Sheet } from './workbook.js';

/** Result of scanning a file. */
export interface ScannedFile {
  readonly leaks: readonly Leak[];
  /** Whether the file has more leaks than are listed. */
  readonly hasMore: boolean;
  /** Why its content cannot be scanned: the file is encrypted, as it should be, or packed. */
  readonly closed?: 'encrypted' | 'packed';
}

/**
 * Finds secrets in a file, with their lines and columns. It reads the file once, and a second time up to the last secret.
 * It holds little more than a mebibyte in memory, except for workbooks.
 *
 * @throws errors of the source
 */
export async function scanFile(content: NamedContent, known: KnownSecrets): Promise<ScannedFile> {
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

/** Scans the sheets of a workbook; a line is a row of its sheet. */
async function inSheets(
  file: string,
  sheets: readonly Sheet[],
  known: KnownSecrets,
): Promise<readonly Leak[]> {
  const leaks: Leak[] = [];
  for (const { name, text } of sheets) {
    const content = { name: file, ...inMemory(text) };
    const spans = scanWhole(text, known);
    const place = sheets.length > 1 ? name : undefined;
    if (spans.length > 0) leaks.push(...(await locate(content, 'utf-8', spans, place)));
  }
  return leaks;
}

async function headOf(content: NamedContent): Promise<Buffer> {
  for await (const part of content.chunks()) return Buffer.from(part);
  return Buffer.alloc(0);
}

async function locate(
  content: NamedContent,
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

/** Size of a piece that is scanned in one go, in bytes: it fits into a processor's cache. */
const PIECE = 2 ** 20;

/** First size of the window, in bytes, which is enough for most files. */
const FIRST_WINDOW = 2 ** 16;

/** Finds secrets in a text that comes in parts of any size, and holds little more than a mebibyte of it. */
export class FileScan {
  readonly #scan: WindowScan;
  readonly #most: number;
  #window: Buffer;
  #base = 0;
  /** Number of filled bytes of the window. */
  #filled = 0;
  /** End of the scanned part of the window. */
  #done = 0;

  /** @param piece size of a piece that is scanned in one go, in bytes */
  constructor(known: KnownSecrets, { piece = PIECE }: { readonly piece?: number } = {}) {
    this.#scan = new WindowScan(known);
    this.#most = piece + 2 * this.#scan.reach;
    this.#window = Buffer.allocUnsafe(Math.min(FIRST_WINDOW, this.#most));
  }

  /** Whether the limit on findings is reached, so that the rest need not be read. */
  get isFull(): boolean {
    return this.#scan.isFull;
  }

  push(part: Buffer): void {
    for (let at = 0; at < part.length && !this.isFull;) {
      const taken = part.copy(this.#window, this.#filled, at);
      at += taken;
      this.#filled += taken;
      if (this.#filled < this.#window.length) continue;
      if (this.#window.length < this.#most) this.#grow();
      else this.#advance();
    }
  }

  /** @returns the findings, in the order of the file */
  end(): readonly Span[] {
    const rest = this.#window.subarray(0, this.#filled);
    if (!this.isFull) this.#scan.scan(rest, this.#base, this.#done, rest.length, true);
    return mergeSpans(this.#scan.spans);
  }

  #grow(): void {
    const larger = Buffer.allocUnsafe(Math.min(4 * this.#window.length, this.#most));
    this.#window.copy(larger);
    this.#window = larger;
  }

  #advance(): void {
    const { reach } = this.#scan;
    const to = this.#filled - reach;
    this.#scan.scan(this.#window, this.#base, this.#done, to, false);
    const kept = Math.max(0, to - reach);
    this.#scan.forgetBefore(this.#base + kept);
    this.#window.copyWithin(0, kept, this.#filled);
    this.#base += kept;
    this.#filled -= kept;
    this.#done = to - kept;
  }
}

/**
 * Converts a text to UTF-8: PowerShell's `>` writes UTF-16. Invalid bytes are replaced or kept, which is harmless because
 * the text is only scanned.
 */
async function* inUtf8(parts: AsyncIterable<Buffer>, encoding: TextEncoding): AsyncGenerator<Buffer, void> {
  if (encoding === 'utf-8') {
    yield* parts;
    return;
  }
  const decoder = new TextDecoder(encoding);
  for await (const part of parts) yield Buffer.from(decoder.decode(part, { stream: true }));
  yield Buffer.from(decoder.decode());
}
