import { expect, test } from '@jest/globals';
import { harmless, harmlessJson } from '../../../src/text/harmless.js';

test.each([
  ['a plain name', 'Pump 7 (Süd) – 温度', 'Pump 7 (Süd) – 温度'],
  ['terminal escapes', '\u001b[2J\u009b31m', '\\u{1b}[2J\\u{9b}31m'],
  ['line ends', 'a\r\nb\u2028c', 'a\\u{d}\\u{a}b\\u{2028}c'],
  ['bidi overrides', 'user\u202etxt.exe', 'user\\u{202e}txt.exe'],
  ['invisible characters', 'a\u200bb\ufeff', 'a\\u{200b}b\\u{feff}'],
  ['tag characters', 'a\u{e0041}', 'a\\u{e0041}'],
  ['GitHub commands', '::error::x', ': :error: :x'],
  ['many colons', ':::', ': : :'],
  ['Azure formats', '##[error]x', '## [error]x'],
  ['Azure commands inside a line', 'a ##vso[task.complete]x', 'a ## vso[task.complete]x'],
  ['TeamCity messages', "##teamcity[message text='x']", "## teamcity[message text='x']"],
  ['commands after more signs', '###vso[x]', '### vso[x]'],
  ['a heading', '## Pumps [7]', '## Pumps [7]'],
  ['an emoji', 'pump 🚰', 'pump 🚰'],
])('makes %s safe to print', (_what, text, printed) => {
  expect(harmless(text)).toBe(printed);
});

test('makes JSON safe to print without a change to what it says', () => {
  const document = { name: '\u001b[2J\n::error::x \u202e\u{e0041}', '##vso[x]': ['##[error]', '\\\\:::', 1] };
  const text = harmlessJson(document);
  for (const found of ['::', '##', '\u001b', '\u202e', '\u{e0041}']) expect(text).not.toContain(found);
  expect(JSON.parse(text)).toEqual(document);
  expect(harmlessJson({ a: 'Süd – 温度' })).toBe('{\n  "a": "Süd – 温度"\n}\n');
});
