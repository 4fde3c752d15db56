import { describe, expect, test } from '@jest/globals';
import type { ReasonCode } from '../../src/platform/reason.js';
import type { DeviceResult } from '../../src/result/device-result.js';
import { RunSummary } from '../../src/result/summary.js';

const base = { deviceId: 'id', name: 'name', username: 'user', line: 2, attempts: 1, retried: [], durationMs: 1 };
const passed: DeviceResult = {
  ...base,
  status: 'passed',
  flaky: false,
  requests: [{ name: 'Get token', status: 200, durationMs: 1 }],
};
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
