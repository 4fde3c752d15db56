const CR = 13;
const LF = 10;

/**
 * Counts line breaks (CRLF, LF or CR) up to a place in a text that comes in chunks.
 *
 * csv-parse's own counter takes a CRLF inside quotes for two lines. Most rows are one line, which
 * {@link LineCounter.skipLine} takes note of without looking at the bytes.
 */
export class LineCounter {
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
