import { describe, expect, test } from '@jest/globals';
import { VegasLimit } from '../../../src/fleet/concurrency-limit.js';

/** A server that takes `idleMs` for one request and never does more than so many a second, as queues do. */
function settle(limit: VegasLimit, idleMs: number, perSecond: number): number {
  for (let sample = 0; sample < 2000; sample++) {
    const inFlight = limit.current;
    // A little irregular, but the same in each run.
    const noise = 1 + 0.1 * Math.abs(Math.sin(sample));
    const latencyMs = Math.max(idleMs, (inFlight * 1000) / perSecond) * noise;
    limit.sample({ latencyMs, inFlight, dropped: false });
  }
  return limit.current;
}

describe('the limit follows the server', () => {
  test('it grows as long as throughput grows', () => {
    // 100 ms away, 4,000 a second: 400 at once fill it.
    expect(settle(new VegasLimit(1024), 100, 4000)).toBeGreaterThan(380);
  });

  test('it stays small where more only means more waiting', () => {
    // Keycloak on two cores: 67 ms for one login, 27 logins a second at most.
    const settled = settle(new VegasLimit(1024), 67, 27);
    expect(settled).toBeGreaterThanOrEqual(2);
    expect(settled).toBeLessThanOrEqual(12);
  });

  test('it comes down when the server becomes slower', () => {
    const limit = new VegasLimit(1024);
    const before = settle(limit, 20, 4000);
    expect(settle(limit, 20, 400)).toBeLessThan(before / 2);
  });

  test('it never exceeds its bound, nor falls below one', () => {
    const limit = new VegasLimit(32);
    expect(settle(limit, 100, 100_000)).toBe(32);
    for (let drop = 0; drop < 100; drop++) limit.sample({ latencyMs: 1, inFlight: 1, dropped: true });
    expect(limit.current).toBe(1);
  });

  test('it does not grow while nothing reaches it', () => {
    const limit = new VegasLimit(1024);
    for (let sample = 0; sample < 100; sample++)
      limit.sample({ latencyMs: 10 + (sample % 3), inFlight: 1, dropped: false });
    expect(limit.current).toBe(4);
  });
});
