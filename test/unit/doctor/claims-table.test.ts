import { expect, test } from '@jest/globals';
import { claimsTable } from '../../../src/doctor/claims-table.js';

test('claims are shown with their meanings, and times in a readable form', () => {
  expect(claimsTable({ exp: 1_900_000_000, aud: ['a', 'b'], x: null })).toBe(
    `┌───────┬───────────────────────────────────────┬─────────────────────┐
│ claim │ value                                 │ meaning             │
├───────┼───────────────────────────────────────┼─────────────────────┤
│ exp   │ 1900000000 (2030-03-17T17:46:40.000Z) │ end of its validity │
│ aud   │ ["a","b"]                             │ intended receivers  │
│ x     │ null                                  │                     │
└───────┴───────────────────────────────────────┴─────────────────────┘
`,
  );
});

test('a claim cannot command a terminal or break the table', () => {
  const text = claimsTable({
    name: '\u001b[2J\r\n::error::x\u202e│',
    'a\tb\u0000': { '\u001b]0;x\u0007': '\n' },
    constructor: 'c',
  });
  expect(text).toContain('\\u{1b}[2J\\u{d}\\u{a}: :error: :x\\u{202e}│');
  expect(text).toContain('a\\u{9}b\\u{0}');
  // oxlint-disable-next-line no-control-regex -- control characters are what this is about
  expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]|::/);
  expect(text.split('\n')).toHaveLength(8);
});

test('a token with too many claims is cut', () => {
  const claims = Object.fromEntries(Array.from({ length: 150 }, (_, at) => [`claim${at}`, 'x'.repeat(5000)]));
  const text = claimsTable(claims);
  expect(text).toContain('and 50 more\n');
  expect(text).toContain('…');
  expect(Math.max(...text.split('\n').map(({ length }) => length))).toBeLessThan(150);
  expect(text.length).toBeLessThan(150_000);
});

test.each([1e300, -1e300, Number.MAX_SAFE_INTEGER])('a time of %d is reported as invalid', (exp) => {
  expect(claimsTable({ exp })).toContain('(not a time)');
});
