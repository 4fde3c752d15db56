import { KeyedHash } from './keyed-hash.js';

/** A slot is two halves of a fingerprint and a line; line 0 marks a free one. */
const SLOT = 3;

/**
 * Remembers on which line a text was seen first, in 12 bytes a slot instead of the text: 1,000,000 rows
 * with two texts each take 50 MB, a Map of strings several times that.
 *
 * Two texts count as equal when their 64-bit fingerprints are: for 2,000,000 texts the chance of one false
 * alarm is 1 in 10,000,000. Each table has a key of its own, so that no file can be written that makes its texts
 * collide and the search slow.
 */
export class FirstLines {
  readonly #hash = new KeyedHash();
  #capacity: number;
  #slots: Uint32Array;
  #used = 0;

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
    const hash = this.#hash;
    hash.update(text);
    const at = this.#find(hash.high, hash.low);
    const first = this.#slots[at + 2] ?? 0;
    if (first === 0) this.#put(at, hash.high, hash.low, line);
    return first;
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
