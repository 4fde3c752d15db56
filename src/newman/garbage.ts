import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** How often it is looked at, in milliseconds. */
const LOOK_MS = 1000;

/** How much a heap may grow over what is alive in it; a collection takes 50 to 90 ms. */
const GROWTH = 1.35;

/** What Newman itself takes in a thread, in bytes; below that there is nothing to collect. */
const SMALLEST = 60_000_000;

/**
 * Collects a thread's garbage before V8 would: left alone, it lets the heap grow up to its limit with the length
 * of the fleet, although the same is alive in it (docs/performance.md has what else was tried).
 */
export function collectGarbage(): NodeJS.Timeout {
  // Node's own way to a collector that is not exposed from the start; it holds for this thread's contexts.
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  let alive = SMALLEST / GROWTH;
  return setInterval(() => {
    if (getHeapStatistics().used_heap_size < alive * GROWTH) return;
    collect();
    alive = Math.max(SMALLEST / GROWTH, getHeapStatistics().used_heap_size);
  }, LOOK_MS);
}
