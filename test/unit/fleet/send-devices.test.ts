import { runInThisContext } from 'node:vm';
import { describe, expect, test } from '@jest/globals';
import { fixedLimit, VegasLimit } from '../../../src/fleet/concurrency-limit.js';
import { sendDevices } from '../../../src/fleet/send-devices.js';
import type { AttemptFailure } from '../../../src/result/attempt.js';
import { FakeEngine, fleetOf, noAnswer, passes, refuses, sendAll } from './fake-engine.js';

const indexOf = ({ deviceId }: { deviceId: string }) => Number(deviceId.slice(3));

/** Refused for a reason that may pass, and may be tried again at once. */
const busy: AttemptFailure = { reason: 'rate-limited', repeatAfterMs: 0 };
const wrong: AttemptFailure = { reason: 'invalid-user-credentials' };

describe('every device', () => {
  test('is sent exactly once, this many at once', async () => {
    const engine = new FakeEngine(() => passes);
    const { results, end } = await sendAll(fleetOf(105), engine);
    expect(end).toBe('completed');
    expect(results.map(indexOf).toSorted((a, b) => a - b)).toEqual(fleetOf(105).map(indexOf));
    expect(engine.mostInFlight).toBe(4);
    expect([...engine.attempts.values()].every((attempts) => attempts === 1)).toBe(true);
  });

  test('has one result, whatever happens to some of them', async () => {
    const engine = new FakeEngine((device, attempt) => {
      const index = indexOf(device);
      if (index % 7 === 0) return refuses(wrong);
      return index % 5 === 0 && attempt < 3 ? refuses(busy, 429) : passes;
    });
    const { results } = await sendAll(fleetOf(60), engine, { limit: new VegasLimit(16) });
    expect(new Set(results.map(indexOf)).size).toBe(60);
    expect(results).toHaveLength(60);
  });

  test('is told of right before it is sent', async () => {
    const started: string[] = [];
    const engine = new FakeEngine(() => passes);
    await sendAll(fleetOf(12), engine, { onStart: ({ deviceId }) => started.push(deviceId) });
    expect(started).toEqual(engine.order);
  });
});

describe('a failure that may pass', () => {
  test('is tried again, and a device that passes at last has passed, flaky', async () => {
    const engine = new FakeEngine((_device, attempt) => (attempt < 3 ? refuses(busy, 429) : passes));
    const { results } = await sendAll(fleetOf(1), engine);
    expect(results).toMatchObject([
      { status: 'passed', flaky: true, attempts: 3, retried: ['rate-limited', 'rate-limited'] },
    ]);
  });

  test('is tried again only so often, and every reason is in the result', async () => {
    const engine = new FakeEngine((_device, attempt) =>
      refuses({ ...busy, reason: attempt === 1 ? 'server-error' : 'rate-limited' }, 503),
    );
    const { results } = await sendAll(fleetOf(1), engine, { retries: 1 });
    expect(results).toMatchObject([
      { status: 'failed', reason: 'rate-limited', attempts: 2, retried: ['server-error'] },
    ]);
  });

  test('counts what the engine itself tried before', async () => {
    const engine = new FakeEngine(() => ({ ...passes, earlier: ['worker-died'] }));
    const { results } = await sendAll(fleetOf(1), engine);
    expect(results).toMatchObject([{ status: 'passed', flaky: true, attempts: 2, retried: ['worker-died'] }]);
  });

  test('is not tried again with --retries 0', async () => {
    const engine = new FakeEngine(() => refuses(busy, 429));
    const { results } = await sendAll(fleetOf(2), engine, { retries: 0 });
    expect(results.map(({ attempts }) => attempts)).toEqual([1, 1]);
  });

  test('is not tried again when the server asks for an hour', async () => {
    const engine = new FakeEngine(() => refuses({ ...busy, retryAfterMs: 3_600_000 }, 429));
    const { results } = await sendAll(fleetOf(1), engine);
    expect(results).toMatchObject([{ status: 'failed', attempts: 1 }]);
  });

  test('keeps the others from being sent while the server wants a pause', async () => {
    const began: number[] = [];
    const engine = new FakeEngine((device, attempt) => {
      began.push(performance.now());
      return indexOf(device) === 0 && attempt === 1 ? refuses({ ...busy, retryAfterMs: 300 }, 429) : passes;
    });
    await sendAll(fleetOf(6), engine, { limit: fixedLimit(1) });
    expect((began[1] ?? 0) - (began[0] ?? 0)).toBeGreaterThanOrEqual(299);
  });
});

test('many devices that wait to retry cause no warning of Node', async () => {
  const warnings: Error[] = [];
  const note = (warning: Error) => warnings.push(warning);
  // Node warns through the process itself, of which a test of Jest has a copy.
  const realProcess = runInThisContext('process') as NodeJS.Process;
  realProcess.on('warning', note);
  try {
    const engine = new FakeEngine((_device, attempt) => (attempt < 2 ? refuses(busy, 429) : passes));
    const { results } = await sendAll(fleetOf(20), engine, { limit: fixedLimit(20) });
    expect(results.every(({ status }) => status === 'passed')).toBe(true);
    await new Promise(setImmediate);
    expect(warnings.map(({ name }) => name)).not.toContain('MaxListenersExceededWarning');
  } finally {
    realProcess.off('warning', note);
  }
});

test('a clear refusal is never repeated', async () => {
  const engine = new FakeEngine(() => refuses(wrong));
  const { results } = await sendAll(fleetOf(3), engine, { retries: 5 });
  expect(results.map(({ attempts }) => attempts)).toEqual([1, 1, 1]);
});

test('a rate is kept', async () => {
  const engine = new FakeEngine(() => passes);
  const startedAt = performance.now();
  await sendAll(fleetOf(41), engine, { limit: fixedLimit(40), ratePerSecond: 100 });
  // 40 intervals of 10 ms, less what a late timer may catch up on.
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(299);
});

describe('a run ends early', () => {
  test('at the first failure, with --bail', async () => {
    const engine = new FakeEngine((device) => (indexOf(device) === 2 ? refuses(wrong) : passes));
    const { results, end } = await sendAll(fleetOf(100), engine, { bail: true, limit: fixedLimit(1) });
    expect(end).toBe('bail');
    expect(results.map(indexOf)).toEqual([0, 1, 2]);
  });

  test('after this many failures', async () => {
    const engine = new FakeEngine((device) => (indexOf(device) % 2 ? refuses(wrong) : passes));
    const { results, end } = await sendAll(fleetOf(100), engine, { maxFailures: 3, limit: fixedLimit(1) });
    expect(end).toBe('max-failures');
    expect(results).toHaveLength(6);
  });

  test('when the first devices are all refused alike, before a fleet is locked', async () => {
    const engine = new FakeEngine(() => refuses(wrong));
    const { results, end } = await sendAll(fleetOf(1000), engine);
    expect(end).toBe('refused-alike');
    expect(results.length).toBeGreaterThanOrEqual(20);
    expect(results.length).toBeLessThan(25);
  });

  test('not when they are refused alike but one has passed', async () => {
    const engine = new FakeEngine((device) => (indexOf(device) === 5 ? passes : refuses(wrong)));
    expect((await sendAll(fleetOf(100), engine)).end).toBe('completed');
  });

  test('not when a number of failures was asked for', async () => {
    const engine = new FakeEngine(() => refuses(wrong));
    expect((await sendAll(fleetOf(60), engine, { maxFailures: 50 })).results.length).toBeGreaterThanOrEqual(
      50,
    );
  });

  test('when nothing answers any more', async () => {
    const engine = new FakeEngine((device) =>
      indexOf(device) < 30 ? passes : noAnswer({ reason: 'connection-refused', repeatAfterMs: 0 }),
    );
    const { results, end } = await sendAll(fleetOf(1000), engine, { retries: 0 });
    expect(end).toBe('server-gone');
    expect(results.length).toBeLessThan(60);
  });

  test('when the engine is broken', async () => {
    const engine = new FakeEngine((device) => {
      if (indexOf(device) === 3) engine.broken = 'it broke';
      return passes;
    });
    const { results, end } = await sendAll(fleetOf(100), engine, { limit: fixedLimit(1) });
    expect(end).toBe('engine-failed');
    expect(results).toHaveLength(4);
  });

  test('when it is aborted: what is in flight is finished, nothing else is begun', async () => {
    const controller = new AbortController();
    const engine = new FakeEngine((device) => {
      if (indexOf(device) === 10) controller.abort();
      return passes;
    });
    const { results, end } = await sendAll(fleetOf(500), engine, { signal: controller.signal });
    expect(end).toBe('interrupted');
    expect(results).toHaveLength(engine.order.length);
    expect(engine.inFlight).toBe(0);
    expect(results.length).toBeLessThan(20);
  });

  test('without waiting for repetitions: the last attempt is the result', async () => {
    const controller = new AbortController();
    const engine = new FakeEngine(() => {
      controller.abort();
      return refuses({ reason: 'timeout', repeatAfterMs: 60_000 }, 504);
    });
    const { results } = await sendAll(fleetOf(2), engine, {
      signal: controller.signal,
      limit: fixedLimit(1),
    });
    expect(results).toMatchObject([{ status: 'failed', reason: 'timeout', attempts: 1 }]);
  });

  test('if its consumer stops reading', async () => {
    const engine = new FakeEngine(() => passes);
    async function* endless() {
      for (;;) yield fleetOf(10);
    }
    for await (const _batch of sendDevices(endless(), engine, { limit: fixedLimit(2), retries: 0 })) break;
    const sent = engine.order.length;
    await new Promise(setImmediate);
    await new Promise(setImmediate);
    expect(engine.order.length).toBeLessThanOrEqual(sent + 2);
  });
});

test('a file that can no longer be read ends the run after what is in flight', async () => {
  const engine = new FakeEngine(() => passes);
  async function* broken() {
    yield fleetOf(3);
    throw new Error('changed');
  }
  const results: unknown[] = [];
  const reading = async () => {
    for await (const batch of sendDevices(broken(), engine, { limit: fixedLimit(2), retries: 0 }))
      results.push(...batch);
  };
  await expect(reading()).rejects.toThrow('changed');
  expect(results).toHaveLength(3);
});
