import { describe, expect, test } from '@jest/globals';
import type { ReasonCode } from '../../../src/platform/reason.js';
import type { DeviceResult } from '../../../src/result/device-result.js';
import { RunSummary } from '../../../src/result/summary.js';

const base = {
  deviceId: 'id',
  name: 'name',
  username: 'user',
  line: 2,
  attempts: 1,
  retried: [],
  durationMs: 1,
};
const passed: DeviceResult = {
  ...base,
  status: 'passed',
  flaky: false,
  requests: [{ name: 'Get token', status: 200, durationMs: 1 }],
};
const withId = (deviceId: string): DeviceResult => ({ ...passed, deviceId });
const taking = (durationMs: number): DeviceResult => ({
  ...passed,
  requests: [{ name: 'Get token', status: 200, durationMs }],
});
const failed = (reason: ReasonCode, status?: number): DeviceResult => ({
  ...base,
  status: 'failed',
  reason,
  requests: [{ name: 'Get token', durationMs: 1, ...(status !== undefined && { status }) }],
});

function summaryOf(...results: DeviceResult[]): RunSummary {
  const summary = new RunSummary();
  for (const result of results) summary.add(result);
  return summary;
}

test('every device of the file is in exactly one of the counts', () => {
  const summary = summaryOf(passed, passed, failed('timeout'));
  expect(summary.counts({ read: 10, skipped: 3 })).toEqual({
    read: 10,
    skipped: 3,
    attempted: 3,
    passed: 2,
    flaky: 0,
    failed: 1,
    notAttempted: 4,
  });
});

test('failures are grouped by reason, the most frequent first, with a few examples', () => {
  const many = Array.from({ length: 12 }, () => failed('id-token-missing', 200));
  const groups = summaryOf(failed('timeout'), ...many).failures();
  expect(groups.map(({ reason, count, examples }) => [reason, count, examples.length])).toEqual([
    ['id-token-missing', 12, 10],
    ['timeout', 1, 1],
  ]);
});

test('the server counts as gone if the last devices found no server', () => {
  const refused = Array.from({ length: 5 }, () => failed('connection-refused'));
  expect(summaryOf(passed, ...refused).gone).toBe(true);
  expect(summaryOf(passed, ...refused.slice(1)).gone).toBe(false);
  expect(summaryOf(...refused, passed).gone).toBe(false);
  expect(summaryOf(...Array.from({ length: 9 }, () => failed('timeout'))).gone).toBe(false);
});

describe('the server counts as unreachable', () => {
  test.each([
    ['when no device got an answer', [failed('connection-refused'), failed('timeout')], true],
    ['not when one got any answer', [failed('connection-refused'), failed('server-error', 500)], false],
    ['not when one passed', [passed, failed('connection-refused')], false],
    ['not when a script failed before any request', [failed('script-failed')], false],
    ['not when nothing was attempted', [], false],
  ] as const)('%s', (_when, results, unreachable) => {
    expect(summaryOf(...results).unreachable).toBe(unreachable);
  });
});

test('a device that passed after retries is part of the passed, and what it was retried for is counted', () => {
  const flaky: DeviceResult = { ...passed, flaky: true, attempts: 3, retried: ['timeout', 'rate-limited'] };
  const given: DeviceResult = { ...failed('timeout'), attempts: 2, retried: ['timeout'] };
  const summary = summaryOf(passed, flaky, given);
  expect(summary.counts({ read: 3, skipped: 0 })).toMatchObject({ passed: 2, flaky: 1, failed: 1 });
  expect(summary.retried()).toEqual([
    { reason: 'timeout', count: 2 },
    { reason: 'rate-limited', count: 1 },
  ]);
});

test('the digest of the attempted devices does not depend on their order', () => {
  const devices = ['a', 'b', 'c'].map(withId);
  const forwards = summaryOf(...devices).attemptedDigest;
  expect(summaryOf(...devices.toReversed()).attemptedDigest).toBe(forwards);
  expect(summaryOf(...devices.slice(1)).attemptedDigest).not.toBe(forwards);
  expect(summaryOf(...devices, ...devices.slice(1)).attemptedDigest).not.toBe(forwards);
});

describe('latency', () => {
  test('is given for each request, of those that were answered', () => {
    const unanswered = failed('timeout');
    const published = { name: 'Publish data', status: 200, durationMs: 5 };
    const both: DeviceResult = { ...passed, requests: [...passed.requests, published] };
    expect(summaryOf(passed, both, unanswered).latency()).toMatchObject([
      { request: 'Get token', answered: 2, p50Ms: 1, maxMs: 1 },
      { request: 'Publish data', answered: 1, p50Ms: 5, maxMs: 5 },
    ]);
  });

  test('has percentiles exact to three digits', () => {
    const durations = Array.from({ length: 1000 }, (_, index) => index + 1);
    expect(summaryOf(...durations.map(taking)).latency()).toEqual([
      { request: 'Get token', answered: 1000, p50Ms: 500, p90Ms: 900, p95Ms: 950, p99Ms: 990, maxMs: 1000 },
    ]);
  });

  test.each([0, 0.04, 3.25, 99.95, 86_400_000])('of one answer is that one: %d ms', (durationMs) => {
    const [latency] = summaryOf(taking(durationMs)).latency();
    const digits = durationMs < 100 ? Math.round(durationMs * 10) / 10 : durationMs;
    expect(latency?.maxMs).toBeCloseTo(digits);
    expect(latency?.p50Ms).toBe(latency?.maxMs);
  });

  test('of more than a day is cut to a day, but for the maximum', () => {
    expect(summaryOf(taking(1e12)).latency()).toMatchObject([
      { p50Ms: expect.closeTo(86_400_000, -5), maxMs: 1e12 },
    ]);
  });

  test('does not grow with the number of names', () => {
    const requests = Array.from({ length: 100 }, (_, index) => ({
      name: `request ${index}`,
      status: 200,
      durationMs: 1,
    }));
    const summary = summaryOf({ ...passed, requests }, { ...passed, requests });
    expect(summary.latency()).toHaveLength(20);
    expect(summary.latencyLeftOut).toBe(160);
  });
});
