/** Called with the number of a pattern, and its beginning in the text. */
export type OnPattern = (pattern: number, at: number) => void;

/** Limit on entries: a larger table would fit into no cache, and cost more memory than the credentials. */
const MOST_ENTRIES = 2 ** 23;

/** Upper and lower case of ASCII letters differ in this bit. It also equates other characters, which a comparison tells apart. */
const CASE_BITS = 0x20202020;

// Called for each place of a text: in a vm context, which is where tests run, looking up `Math` costs more than all the rest.
const { imul } = Math;

/** Byte strings to search for, in one buffer. Each has at least 4 bytes. */
export class Patterns {
  #bytes = Buffer.alloc(4096);
  readonly #ends: number[] = [];
  #length = 0;
  #shortest = Infinity;

  get count(): number {
    return this.#ends.length;
  }

  /** Length of the shortest pattern; Infinity without patterns. */
  get shortest(): number {
    return this.#shortest;
  }

  get bytes(): Buffer {
    return this.#bytes;
  }

  add(pattern: Buffer): void {
    if (this.#length + pattern.length > this.#bytes.length) {
      const larger = Buffer.alloc(Math.max(2 * this.#bytes.length, this.#length + pattern.length));
      this.#bytes.copy(larger, 0, 0, this.#length);
      this.#bytes = larger;
    }
    pattern.copy(this.#bytes, this.#length);
    this.#length += pattern.length;
    this.#ends.push(this.#length);
    this.#shortest = Math.min(this.#shortest, pattern.length);
  }

  startOf(pattern: number): number {
    return this.#ends[pattern - 1] ?? 0;
  }

  endOf(pattern: number): number {
    return this.#ends[pattern] ?? 0;
  }
}

/**
 * Searches for many byte strings at once. It samples the text at places so far apart that no pattern fits between two of
 * them. At each place it looks up 4 or 8 bytes in a table of the beginnings of all patterns. The longer the shortest
 * pattern, the faster the search; a million patterns are nearly as fast as one.
 *
 * @see Karp and Rabin, Efficient randomized pattern-matching algorithms (1987), with sampled places
 */
export class PatternIndex {
  readonly #patterns: Patterns;
  readonly #caseBits: number;
  /** Number of bytes that a lookup compares. */
  readonly #width: 4 | 8;
  /** Distance between two places. */
  readonly #stride: number;
  readonly #shift: number;
  readonly #filter: Uint8Array;
  readonly #heads: Int32Array;
  readonly #next: Int32Array;

  /** @param foldCase whether an ASCII letter equals its other case; the patterns are in lower case then */
  constructor(patterns: Patterns, { foldCase = false }: { readonly foldCase?: boolean } = {}) {
    this.#patterns = patterns;
    this.#caseBits = foldCase ? CASE_BITS : 0;
    const { count, shortest } = patterns;
    this.#width = shortest >= 11 ? 8 : 4;
    const strides = [16, 8, 4, 3, 2].filter((stride) => count * stride <= MOST_ENTRIES);
    this.#stride = strides.find((stride) => stride <= shortest - this.#width + 1) ?? 1;
    const entries = count * this.#stride;
    // A large filter has few false hits, but one that fits into no cache would cost more than it saves.
    const size = Math.ceil(Math.log2(entries + 1));
    const bits = Math.min(26, Math.max(12, Math.min(size + 7, 19), size + 4));
    this.#shift = 32 - bits;
    this.#filter = new Uint8Array(2 ** (bits - 3));
    this.#heads = new Int32Array(2 ** (bits - 3)).fill(-1);
    this.#next = new Int32Array(entries);
    this.#fill();
  }

  #fill(): void {
    const { bytes, count } = this.#patterns;
    const view = viewOf(bytes);
    // Backwards, so that the first of two equal patterns is reported first.
    for (let pattern = count - 1; pattern >= 0; pattern--) {
      const start = this.#patterns.startOf(pattern);
      for (let offset = 0; offset < this.#stride; offset++) {
        const slot = this.#slotAt(view, start + offset);
        this.#filter[slot >>> 3] = (this.#filter[slot >>> 3] ?? 0) | (1 << (slot & 7));
        const entry = pattern * this.#stride + offset;
        this.#next[entry] = this.#heads[slot >>> 3] ?? -1;
        this.#heads[slot >>> 3] = entry;
      }
    }
  }

  #slotAt(view: DataView, at: number): number {
    const first = imul(view.getInt32(at, true) | this.#caseBits, 0x9e3779b1);
    if (this.#width === 4) return (first ^ (first >>> 15)) >>> this.#shift;
    const second = imul(view.getInt32(at + 4, true) | this.#caseBits, 0x85ebca6b);
    return imul(first ^ (second >>> 15) ^ second, 0x9e3779b1) >>> this.#shift;
  }

  /**
   * Finds each occurrence whose first sampled place is from `from` to before `to`, so that successive pieces of a text find
   * each occurrence once. It may begin before `from` and end after `to`, but lies within `text`.
   *
   * @param text the piece with as much context on both sides as the longest pattern
   * @param base the beginning of `text` in the whole text
   */
  search(text: Buffer, base: number, from: number, to: number, onPattern: OnPattern): void {
    if (this.#patterns.count === 0) return;
    const stride = this.#stride;
    const width = this.#width;
    const shift = this.#shift;
    const filter = this.#filter;
    const caseBits = this.#caseBits;
    const view = viewOf(text);
    const end = Math.min(to, text.length - width + 1);
    const before = (base + from) % stride;
    // `#slotAt`, inlined by hand: a call for each place would double the time.
    for (let at = before === 0 ? from : from + stride - before; at < end; at += stride) {
      const first = imul(view.getInt32(at, true) | caseBits, 0x9e3779b1);
      let slot = (first ^ (first >>> 15)) >>> shift;
      if (width === 8) {
        const second = imul(view.getInt32(at + 4, true) | caseBits, 0x85ebca6b);
        slot = imul(first ^ (second >>> 15) ^ second, 0x9e3779b1) >>> shift;
      }
      if (((filter[slot >>> 3] ?? 0) & (1 << (slot & 7))) !== 0) this.#compare(text, at, slot, onPattern);
    }
  }

  #compare(text: Buffer, at: number, slot: number, onPattern: OnPattern): void {
    const { bytes } = this.#patterns;
    const fold = this.#caseBits & 0x20;
    for (let entry = this.#heads[slot >>> 3] ?? -1; entry >= 0; entry = this.#next[entry] ?? -1) {
      const pattern = Math.floor(entry / this.#stride);
      const start = at - (entry % this.#stride);
      const from = this.#patterns.startOf(pattern);
      const length = this.#patterns.endOf(pattern) - from;
      if (start < 0 || start + length > text.length) continue;
      let equal = 0;
      while (equal < length) {
        const unit = text[start + equal] ?? 0;
        if (unit !== bytes[from + equal] && (fold === 0 || lowerCase(unit) !== bytes[from + equal])) break;
        equal++;
      }
      if (equal === length) onPattern(pattern, start);
    }
  }
}

const lowerCase = (byte: number) => (byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte);

const viewOf = ({ buffer, byteOffset, length }: Buffer) => new DataView(buffer, byteOffset, length);
