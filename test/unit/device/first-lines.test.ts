import { expect, test } from '@jest/globals';
import { FirstLines } from '../../../src/device/first-lines.js';

test('remembers the first line of every text, however many there are', () => {
  const lines = new FirstLines(2);
  const texts = Array.from({ length: 50_000 }, (_, i) => `device-${i}`);
  expect(texts.filter((text, i) => lines.see(text, i + 1) !== 0)).toEqual([]);
  expect(texts.filter((text, i) => lines.see(text, 99_999) !== i + 1)).toEqual([]);
});

test('tells apart texts that differ in one character, at their end or in length', () => {
  const lines = new FirstLines();
  const texts = ['', 'a', 'b', 'aa', 'ab', 'ba', 'a\0', '\0a', 'aé', 'a'.repeat(99), 'a'.repeat(100)];
  expect(texts.map((text, i) => lines.see(text, i + 1))).toEqual(texts.map(() => 0));
});
