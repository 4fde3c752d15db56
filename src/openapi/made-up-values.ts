const SEED = 0x2545f491;
let state = SEED;

/**
 * Restarts the sequence of random numbers, so that a library makes up the same values on every run.
 *
 * Importing this module replaces `Math.random` for the whole thread. This must happen before json-schema-faker and lodash
 * store the original. Only the worker thread may import it, because nothing else runs there.
 */
export function restartRandom(): void {
  state = SEED;
}

/** Mulberry32, in the public domain. Any sequence that is not constant would do. */
Math.random = () => {
  state = (state + 0x6d2b79f5) | 0;
  let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
};
