import { randomBytes } from 'node:crypto';

/** Of `1-3`, the rounds after the last word of the text: three for each half of the result. */
const FINAL_ROUNDS = 3;

/**
 * A hash of 64 bits with a random key of 128: HalfSipHash-1-3, whose state begins as the key. Without the key, no
 * texts can be written that collide. The multiplication of a word by a secret odd factor does not give that: it
 * leaves the top bit alone.
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

  /** Hashes a text, two UTF-16 units a round. There is no result to allocate: it is in `high` and `low`. */
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
