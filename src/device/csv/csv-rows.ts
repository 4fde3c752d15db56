import { type CsvError, Parser } from 'csv-parse';
import { detectDialect, hasHeader } from './csv-dialect.js';
import type { CsvProblem } from '../diagnostic.js';
import type { RowReader } from '../row-reader.js';

/** A row of this length is a quote that was never closed, not a device. In bytes. */
const MAX_ROW_BYTES = 2 ** 20;

const problems: { readonly [code: string]: CsvProblem } = {
  CSV_QUOTE_NOT_CLOSED: 'quote-not-closed',
  INVALID_OPENING_QUOTE: 'quote-misplaced',
  CSV_INVALID_CLOSING_QUOTE: 'text-after-quote',
  CSV_MAX_RECORD_SIZE: 'row-too-long',
};

/** Splits a CSV text into rows and hands each to the reader. */
export class CsvRows {
  readonly #reader: RowReader;
  #start: Buffer | undefined = Buffer.alloc(0);
  #parser: LineParser | undefined;

  constructor(reader: RowReader) {
    this.#reader = reader;
  }

  /** The line, counted from 1, on which the text added so far ends. */
  get line(): number {
    return this.#parser?.line ?? 1;
  }

  /** `false` when nothing after this chunk can be read. */
  async push(chunk: Buffer): Promise<boolean> {
    if (this.#start === undefined) return (await this.#parser?.parse(chunk)) ?? false;
    this.#start = Buffer.concat([this.#start, chunk]);
    return hasHeader(this.#start) ? this.#begin(this.#start) : true;
  }

  async end(): Promise<void> {
    if (this.#start !== undefined) await this.#begin(this.#start);
    await this.#parser?.finish();
  }

  async #begin(start: Buffer): Promise<boolean> {
    const { delimiter, prefixBytes, prefixLines } = detectDialect(start);
    this.#start = undefined;
    this.#parser = new LineParser(delimiter, prefixLines, this.#reader);
    return this.#parser.parse(start.subarray(prefixBytes));
  }
}

/**
 * csv-parse with the line of each row. Rows are taken before the parser queues them for its readers, which saves a queue and
 * a promise for each of a million rows.
 */
class LineParser extends Parser {
  readonly #reader: RowReader;
  readonly #lines: LineCounter;
  #parsedLines = 0;
  #lastByte = 0;
  #malformedLine = 0;
  #stopped = false;

  constructor(delimiter: string, breaks: number, reader: RowReader) {
    super({
      delimiter,
      // By default csv-parse only accepts the first kind of line break that it meets.
      record_delimiter: ['\r\n', '\n', '\r'],
      // A row without values would cost the parser an error, and with it a stack trace.
      skip_empty_lines: true,
      max_record_size: MAX_ROW_BYTES,
      // The reader reports it in better words.
      relax_column_count: true,
      skip_records_with_error: true,
      on_skip: (error) => {
        if (error !== undefined) this.#skip(error);
      },
    });
    this.#reader = reader;
    this.#lines = new LineCounter(breaks);
  }

  get line(): number {
    return this.#lines.breaksBefore(this.#lines.length) + 1;
  }

  /** `false` when the rest cannot be read. */
  async parse(chunk: Buffer): Promise<boolean> {
    if (chunk.length === 0 || this.#stopped) return !this.#stopped;
    this.#lines.add(chunk);
    this.#lastByte = chunk[chunk.length - 1] ?? 0;
    await new Promise<void>((resolve, reject) => {
      this.write(chunk, (error) => (error ? reject(error) : resolve()));
    });
    return !this.#stopped;
  }

  async finish(): Promise<void> {
    // Every row then ends with a line break, which is what the line numbers are counted by.
    if (this.#lastByte !== 10 && this.#lastByte !== 13) await this.parse(Buffer.from('\n'));
    if (!this.#stopped) await new Promise<void>((resolve) => this.end(resolve));
  }

  override push(row: readonly string[] | null): boolean {
    if (row === null) return super.push(null);
    const { lines, bytes } = this.info;
    if (lines === this.#parsedLines + 1) {
      this.#reader.row(row, this.#lines.skipLine(bytes));
    } else {
      let inside = 0;
      for (const field of row) inside += field.match(/\r\n|\n|\r/g)?.length ?? 0;
      this.#reader.row(row, this.#lines.breaksBefore(bytes) - inside);
    }
    this.#parsedLines = lines;
    return true;
  }

  /** The error holds the row's values, so only its code and column are used. */
  #skip({ code, column }: CsvError): void {
    const problem = problems[code] ?? 'quote-misplaced';
    if (problem === 'row-too-long') this.#stopped = true;
    // The end of the previous value: the line on which the bad value starts.
    const line = this.#lines.breaksBefore(this.info.bytes) + 1;
    // One mistake often causes several errors in its line.
    if (line === this.#malformedLine) return;
    this.#malformedLine = line;
    this.#reader.malformedRow(problem, typeof column === 'number' ? { line, column: column + 1 } : { line });
  }
}

const CR = 13;
const LF = 10;

/**
 * Counts line breaks (CRLF, LF or CR) up to a place in a text that comes in chunks.
 *
 * csv-parse's own counter takes a CRLF inside quotes for two lines. Most rows are one line, which
 * {@link LineCounter.skipLine} counts without reading the bytes.
 */
class LineCounter {
  #chunks: { readonly start: number; readonly bytes: Buffer }[] = [];
  #length = 0;
  /** Everything before this offset has been counted. */
  #counted = 0;
  #breaks: number;
  #afterCr = false;

  /** @param breaks line breaks before the first chunk */
  constructor(breaks: number) {
    this.#breaks = breaks;
  }

  /** How many bytes have been added. */
  get length(): number {
    return this.#length;
  }

  add(bytes: Buffer): void {
    this.#chunks = this.#chunks.filter((chunk) => chunk.start + chunk.bytes.length > this.#counted);
    this.#chunks.push({ start: this.#length, bytes });
    this.#length += bytes.length;
  }

  /** Says that exactly one line break is between the last offset and this one, right before it. */
  skipLine(offset: number): number {
    this.#counted = offset;
    this.#afterCr = false;
    return ++this.#breaks;
  }

  /**
   * The line breaks before an offset.
   *
   * @param offset in bytes of everything added; not before that of an earlier call
   */
  breaksBefore(offset: number): number {
    for (const { start, bytes } of this.#chunks) {
      const end = Math.min(offset - start, bytes.length);
      for (let i = Math.max(this.#counted - start, 0); i < end; i++) {
        const byte = bytes[i];
        if (byte === CR || (byte === LF && !this.#afterCr)) this.#breaks++;
        this.#afterCr = byte === CR;
      }
    }
    this.#counted = Math.max(this.#counted, offset);
    return this.#breaks;
  }
}
