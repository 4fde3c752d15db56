import { describe, expect, test } from '@jest/globals';
import type { ReasonCode } from '../../../src/platform/reason.js';
import { LOGIN_GAP_MS, repeatAfter, retryAfterMs } from '../../../src/platform/repeat.js';

describe('a login is repeated', () => {
  test.each<readonly [ReasonCode, number | undefined, number]>([
    ['connection-refused', undefined, 0],
    ['host-not-found', undefined, 0],
    ['connection-reset', undefined, LOGIN_GAP_MS],
    ['connection-failed', undefined, LOGIN_GAP_MS],
    ['timeout', undefined, LOGIN_GAP_MS],
    ['status-unexpected', 408, LOGIN_GAP_MS],
    ['rate-limited', 429, LOGIN_GAP_MS],
    ['server-error', 502, LOGIN_GAP_MS],
    ['server-error', 503, LOGIN_GAP_MS],
    ['server-error', 504, LOGIN_GAP_MS],
    ...[520, 521, 522, 523, 524].map((status) => ['server-error', status, LOGIN_GAP_MS] as const),
  ])('after %s with status %s, no sooner than %i ms', (reason, status, wait) => {
    expect(repeatAfter({ reason, status, isLogin: true })).toBe(wait);
  });
});

describe('a login is not repeated', () => {
  test.each<readonly [ReasonCode, number | undefined]>([
    ['invalid-user-credentials', 401],
    ['account-disabled', 400],
    ['form-data-not-read', 415],
    ['server-error', 500],
    ...[525, 526, 527, 530].map((status) => ['server-error', status] as const),
    ['answer-not-json', 200],
    ['timeout', 200],
    ['certificate-invalid', undefined],
    ['url-insecure', undefined],
    ['answer-too-large', undefined],
  ])('after %s with status %s', (reason, status) => {
    expect(repeatAfter({ reason, status, isLogin: true })).toBeUndefined();
  });
});

test.each([
  ['HTTP 403', undefined],
  ['HTTP 407', undefined],
  ['HTTP 429', 0],
  ['HTTP 502', 0],
  ['HTTP 503', 0],
  ['ECONNREFUSED', 0],
  [undefined, 0],
])('a login that a proxy stopped with %s is repeated after %s ms', (code, wait) => {
  expect(repeatAfter({ reason: 'proxy-failed', code, isLogin: true })).toBe(wait);
});

describe('a message is published again', () => {
  test.each<[ReasonCode, number | undefined, number | undefined]>([
    // The login before it did arrive.
    ['connection-refused', undefined, LOGIN_GAP_MS],
    ['host-not-found', undefined, LOGIN_GAP_MS],
    ['connection-reset', undefined, undefined],
    ['timeout', undefined, undefined],
    ['publish-refused', 429, undefined],
    ['publish-refused', 503, undefined],
    ['publish-refused', 522, undefined],
  ])('after %s with status %s: %s', (reason, status, wait) => {
    expect(repeatAfter({ reason, status, isLogin: false })).toBe(wait);
  });
});

test.each<[string | undefined, number | undefined]>([
  ['0', 0],
  [' 120 ', 120_000],
  ['Wed, 21 Oct 2026 07:28:05 GMT', 5000],
  ['Wed, 21 Oct 2026 07:27:00 GMT', 0],
  ['-5', undefined],
  ['2.5', undefined],
  ['soon', undefined],
  ['', undefined],
  [undefined, undefined],
])('Retry-After %j is %s ms', (header, ms) => {
  expect(retryAfterMs(header, Date.UTC(2026, 9, 21, 7, 28, 0))).toBe(ms);
});
