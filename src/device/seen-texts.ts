import { randomBytes } from 'node:crypto';

/** A slot holds the two halves of a fingerprint and a line; line 0 marks a free slot. */
const SLOT = 3;

/**
 * The texts that were seen and the line on which each was first seen, in 12 bytes a slot instead of the text: 1,000,000
 * rows with two texts each take 50 MB, and a Map of strings several times that.
 *
 * Two texts count as equal if their 64-bit fingerprints are: for 2,000,000 texts the chance of one false alarm is 1 in
 * 10,000,000. Each table has its own key, so that no file can be crafted whose texts collide and slow the search down.
 */
export class SeenTexts {
  readonly #hash = new KeyedHash();
  #capacity: number;
  #slots: Uint32Array;
  #used = 0;

  /** @param capacity number of slots at the start, a power of two; it doubles when needed */
  constructor(capacity = 1024) {
    this.#capacity = capacity;
    this.#slots = new Uint32Array(capacity * SLOT);
  }

  /** Remembers a text. @returns whether it is new */
  add(text: string): boolean {
    return this.firstLine(text, 1) === 0;
  }

  /**
   * Remembers a text and the line on which it was first seen.
   *
   * @param line counted from 1
   * @returns the line on which it was seen before; 0 if it is new
   */
  firstLine(text: string, line: number): number {
    if (this.#used * 4 >= this.#capacity * 3) this.#grow();
    const hash = this.#hash;
    hash.update(text);
    const at = this.#find(hash.high, hash.low);
    const first = this.#slots[at + 2] ?? 0;
    if (first === 0) this.#put(at, hash.high, hash.low, line);
    return first;
  }

  /** Index of the fingerprint, or of the free slot for it. */
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

/** The 3 of HalfSipHash-1-3: rounds after the last word of the text, for each half of the result. */
const FINAL_ROUNDS = 3;

/**
 * A 64-bit hash with a random 128-bit key: HalfSipHash-1-3, whose state begins as the key. Texts that collide cannot be
 * crafted without the key. Multiplying each word by a secret odd factor would not achieve that: it leaves the top bit
 * unchanged.
 *
 * @see https://github.com/veorq/SipHash halfsiphash.c
 * @see Aumasson, Bernstein: SipHash, a fast short-input PRF (INDOCRYPT 2012), on hash flooding
 */
export class KeyedHash {
  readonly #key0 = randomWord();
  readonly #key1 = randomWord();
  readonly #key2 = randomWord();
  readonly #key3 = randomWord();
  /** The two halves of the last hash, from 0 to 2^32 - 1. */
  high = 0;
  low = 0;

  /** Hashes a text, two UTF-16 units a round. The result is in `high` and `low`, so that none is allocated. */
  update(text: string): void {
    let v0 = this.#key0;
    let v1 = this.#key1;
    let v2 = this.#key2;
    let v3 = this.#key3;
    const units = text.length;
    const length = (units + 1) & ~1;
    const half = length + 2 * FINAL_ROUNDS;
    for (let i = 0; i <= half + 2 * FINAL_ROUNDS; i += 2) {
      // Past the end charCodeAt gives NaN, which the shift turns into 0.
      const word =
        i < length ? text.charCodeAt(i) | (text.charCodeAt(i + 1) << 16) : i === length ? units : 0;
      v3 ^= word;
      v0 = (v0 + v1) | 0;
      v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0;
      v0 = (v0 << 16) | (v0 >>> 16);
      v2 = (v2 + v3) | 0;
      v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2;
      v0 = (v0 + v3) | 0;
      v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0;
      v2 = (v2 + v1) | 0;
      v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2;
      v2 = (v2 << 16) | (v2 >>> 16);
      v0 ^= word;
      if (i === length) v2 ^= 0xee;
      if (i === half) {
        this.high = (v1 ^ v3) >>> 0;
        v1 ^= 0xdd;
      }
    }
    this.low = (v1 ^ v3) >>> 0;
  }
}

const randomWord = () => randomBytes(4).readInt32LE();
