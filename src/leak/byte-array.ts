import type { Span } from './leak.js';

/** Size of the parts that are scanned, and of their overlap, in bytes. */
const MOST_BYTES = 2 ** 20;
const OVERLAP = 2 ** 14;

const [COMMA, FOUR_SPACES] = [0x2c, 0x20202020];

/** Limit on findings in one array, which all have the same place. */
const MOST_FOUND = 50;

/** Decodes a `Buffer` in JSON, `{"type":"Buffer","data":[104,117]}`. Newman's report holds each answer in this form. */
export class ByteArray {
  readonly #scan: (bytes: Buffer) => readonly Span[];
  #bytes = Buffer.alloc(4096);
  #count = 0;
  /** The number that is being read; negative between numbers. */
  #value = -1;
  #found: Span[] = [];

  /** @param scan finds secrets in a part of the bytes */
  constructor(scan: (bytes: Buffer) => readonly Span[]) {
    this.#scan = scan;
  }

  /**
   * Reads numbers, commas and white space.
   *
   * @returns the place of the first other character, or the end of the text, which may be in the middle of a number
   */
  read(text: Buffer, from: number, to: number): number {
    const view = new DataView(text.buffer, text.byteOffset, text.length);
    let at = from;
    let value = this.#value;
    for (; at < to; at++) {
      const byte = text[at] ?? 0;
      if (byte <= 0x20 || byte === COMMA) {
        if (value >= 0) this.#add(value);
        value = -1;
        // In an indented report, each number has a line of its own, which is mostly spaces.
        while (at < to - 4 && view.getInt32(at + 1, true) === FOUR_SPACES) at += 4;
      } else if (byte >= 0x30 && byte <= 0x39) {
        value = (value < 0 ? 0 : value * 10) + byte - 0x30;
      } else {
        break;
      }
    }
    this.#value = value;
    return at;
  }

  #add(value: number): void {
    if (this.#count === this.#bytes.length) this.#makeRoom();
    this.#bytes[this.#count++] = value;
  }

  /** Ends the array; the next byte begins another one. @returns the findings */
  end(): readonly Span[] {
    if (this.#value >= 0) this.#add(this.#value);
    this.#value = -1;
    this.#scanPart();
    const found = this.#found;
    this.#found = [];
    this.#count = 0;
    return found;
  }

  #makeRoom(): void {
    if (this.#bytes.length < MOST_BYTES) {
      this.#bytes = Buffer.concat([this.#bytes, Buffer.alloc(this.#bytes.length)]);
      return;
    }
    this.#scanPart();
    this.#bytes.copyWithin(0, this.#count - OVERLAP);
    this.#count = OVERLAP;
  }

  #scanPart(): void {
    const found = this.#scan(this.#bytes.subarray(0, this.#count));
    if (found.length > 0) this.#found.push(...found.slice(0, MOST_FOUND - this.#found.length));
  }
}
