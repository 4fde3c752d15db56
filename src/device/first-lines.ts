import { randomBytes } from 'node:crypto';

/** A slot is two halves of a fingerprint and a line; line 0 marks a free one. */
const SLOT = 3;

/**
 * Remembers on which line a text was seen first, in 12 bytes a slot instead of the text: 1,000,000 rows
 * with two texts each take 50 MB, a Map of strings several times that.
 *
 * Two texts count as equal when their 64-bit fingerprints are: for 2,000,000 texts the chance of one false
 * alarm is 1 in 10,000,000. The fingerprint is seeded anew for each table, so that no file can be written
 * that makes its texts collide and the search slow.
 */
export class FirstLines {
  readonly #start1 = randomWord();
  readonly #start2 = randomWord();
  readonly #factor1 = randomWord() | 1;
  readonly #factor2 = randomWord() | 1;
  #capacity: number;
  #slots: Uint32Array;
  #used = 0;
  #high = 0;
  #low = 0;

  /** @param capacity how many slots to start with, a power of two; it doubles when needed */
  constructor(capacity = 1024) {
    this.#capacity = capacity;
    this.#slots = new Uint32Array(capacity * SLOT);
  }

  /**
   * Says on which line the text was seen before; 0 when this is the first time, and `line` is remembered.
   *
   * @param line counted from 1
   */
  see(text: string, line: number): number {
    if (this.#used * 4 >= this.#capacity * 3) this.#grow();
    this.#fingerprint(text);
    const at = this.#find(this.#high, this.#low);
    const first = this.#slots[at + 2] ?? 0;
    if (first === 0) this.#put(at, this.#high, this.#low, line);
    return first;
  }

  /** Two independent multiplicative hashes, two characters a step, each with random odd factors. */
  #fingerprint(text: string): void {
    const factor1 = this.#factor1;
    const factor2 = this.#factor2;
    let high = this.#start1 ^ text.length;
    let low = this.#start2;
    for (let i = 0; i < text.length; i += 2) {
      // Past the end charCodeAt gives NaN, which the shift turns into 0.
      const pair = text.charCodeAt(i) | (text.charCodeAt(i + 1) << 16);
      high = Math.imul(high ^ pair, factor1);
      high ^= high >>> 15;
      low = Math.imul(low ^ pair, factor2);
      low ^= low >>> 13;
    }
    this.#high = mix(high);
    this.#low = mix(low);
  }

  /** Where the fingerprint is, or the free slot where it belongs. */
  #find(high: number, low: number): number {
    const slots = this.#slots;
    let slot = low & (this.#capacity - 1);
    for (;;) {
      const at = slot * SLOT;
      if (slots[at + 2] === 0 || (slots[at] === high && slots[at + 1] === low)) return at;
      slot = (slot + 1) & (this.#capacity - 1);
    }
  }

  #put(at: number, high: number, low: number, line: number): void {
    this.#slots[at] = high;
    this.#slots[at + 1] = low;
    this.#slots[at + 2] = line;
    this.#used++;
  }

  #grow(): void {
    const old = this.#slots;
    this.#capacity *= 2;
    this.#slots = new Uint32Array(this.#capacity * SLOT);
    this.#used = 0;
    for (let i = 0; i < old.length; i += SLOT) {
      const [high = 0, low = 0, line = 0] = [old[i], old[i + 1], old[i + 2]];
      if (line !== 0) this.#put(this.#find(high, low), high, low, line);
    }
  }
}

const randomWord = () => randomBytes(4).readUInt32LE();

/** Spreads every bit over the whole word (the finalizer of MurmurHash3, public domain). */
function mix(word: number): number {
  let mixed = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
