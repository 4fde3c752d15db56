import { expect, test } from '@jest/globals';
import type { JournalRecord } from '../../../src/journal/record.js';
import { formatSummary } from '../../../src/report/summary-text.js';
import { noColors } from '../../../src/text/palette.js';
import { failed, flaky, passed, runOf } from '../journal/fleet.js';
import { ended, factsOf } from './report.js';

const summaryOf = async (...records: readonly JournalRecord[]) =>
  formatSummary(await factsOf(records), noColors)
    .trimEnd()
    .split('\n');

test('the last line counts every row', async () => {
  const lines = await summaryOf(runOf(3), passed(0), passed(1), passed(2), ended);
  expect(lines).toEqual([
    'Get token: 3 answered, p50 12 ms, p90 12 ms, p95 12 ms, p99 12 ms, max 12 ms',
    '5 read, 2 skipped, 3 attempted, 3 passed, 0 failed, 0 not attempted (2.0 s, 2/s)',
  ]);
});

test('flaky devices are counted beside the passed, of which they are', async () => {
  const lines = await summaryOf(runOf(3), passed(0), flaky(1), flaky(2), ended);
  expect(lines.at(-1)).toContain('3 attempted, 3 passed (2 flaky), 0 failed, 0 not attempted');
});

test('failures are reported with what they mean and what to do', async () => {
  const [first, second, third] = await summaryOf(runOf(1), failed(0, { detail: '::error::no' }), ended);
  expect(first).toBe(
    'FAILED 1 device: the server refused this username and password [invalid-user-credentials]',
  );
  expect(second).toContain('The password is wrong');
  expect(third).toBe('    devices.csv:2 pump 0 (device-0), Get token (HTTP 401)');
});

test('a run that ended early says why, and what to do', async () => {
  const lines = await summaryOf(runOf(3), passed(0), { ...ended, end: 'server-gone' });
  expect(lines.slice(0, 2)).toEqual([
    'NOT ATTEMPTED 2 devices: no server answered any more [server-gone]',
    '  Check that the servers run and can be reached, then resume with --resume.',
  ]);
});

test('a run that reached every device has nothing to say about its end', async () => {
  const lines = await summaryOf(runOf(1), failed(0), { ...ended, end: 'bail' });
  expect(lines.join('\n')).not.toContain('NOT ATTEMPTED');
});

test("a request's name is made harmless", async () => {
  const requests = [{ name: '\u001b[2J::error::', status: 200, durationMs: 1 }];
  const [line] = await summaryOf(runOf(1), passed(0, { requests }), ended);
  expect(line).toMatch(/^\\u\{1b\}\[2J: :error: :: 1 answered/);
});
