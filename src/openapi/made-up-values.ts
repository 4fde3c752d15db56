const SEED = 0x2545f491;
let state = SEED;

/**
 * Lets the values that a library makes up be the same on every run, from here on.
 *
 * Importing this changes `Math.random` for the whole thread, which has to happen before json-schema-faker and
 * lodash keep the real one for themselves. It belongs into the worker thread alone; nothing else runs there.
 */
export function startAgain(): void {
  state = SEED;
}

/** Mulberry32, in the public domain: any sequence would do that is not constant. */
Math.random = () => {
  state = (state + 0x6d2b79f5) | 0;
  let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
};
