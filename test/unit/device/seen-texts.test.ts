import { expect, test } from '@jest/globals';
import { KeyedHash, SeenTexts } from '../../../src/device/seen-texts.js';

test('remembers the first line of every text, however many there are', () => {
  const seen = new SeenTexts(2);
  const texts = Array.from({ length: 50_000 }, (_, i) => `device-${i}`);
  expect(texts.filter((text, i) => seen.firstLine(text, i + 1) !== 0)).toEqual([]);
  expect(texts.filter((text, i) => seen.firstLine(text, 99_999) !== i + 1)).toEqual([]);
});

test('tells apart texts that differ in one character, at their end or in length', () => {
  const seen = new SeenTexts();
  const texts = ['', 'a', 'b', 'aa', 'ab', 'ba', 'a\0', '\0a', 'aé', 'a'.repeat(99), 'a'.repeat(100)];
  expect(texts.map((text, i) => seen.firstLine(text, i + 1))).toEqual(texts.map(() => 0));
});

test('a text is new only once', () => {
  const seen = new SeenTexts();
  expect(['a', 'b', 'a'].map((text) => seen.add(text))).toEqual([true, true, false]);
});

const hashOf = (hash: KeyedHash, text: string) => {
  hash.update(text);
  return { high: hash.high, low: hash.low };
};

test('a text has one hash under one key, and another under another', () => {
  const hash = new KeyedHash();
  const first = hashOf(hash, 'device-1');
  hash.update('device-2');
  expect(hashOf(hash, 'device-1')).toEqual(first);
  expect(hashOf(new KeyedHash(), 'device-1')).not.toEqual(first);
});

test.each([
  // A multiplication leaves the top bit alone, and the unit after it cancels what a shift made of it.
  ['for a hash that multiplies', ['0A0A', '0\u80410\u8045']],
  ['by their last bit', ['0000', '0001']],
  ['by NUL and nothing', ['a\0', 'a']],
  ['by the order of their units', ['abcd', 'cdab']],
])(
  'texts that are made to collide %s are spread over the slots of a table',
  (_how, [zero = '', one = '']) => {
    const BITS = 13;
    for (let key = 0; key < 4; key++) {
      const hash = new KeyedHash();
      for (const half of ['high', 'low'] as const) {
        const slots = new Map<number, number>();
        const texts = new Set(
          Array.from({ length: 2 ** BITS }, (_, i) =>
            Array.from({ length: BITS }, (_, bit) => ((i >> bit) & 1 ? one : zero)).join(''),
          ),
        );
        for (const text of texts) {
          const slot = hashOf(hash, text)[half] & (2 ** (BITS + 1) - 1);
          slots.set(slot, (slots.get(slot) ?? 0) + 1);
        }
        // At random, more than 12 in a slot of which each expects one half come once in 10^12 tables.
        expect(Math.max(...slots.values())).toBeLessThan(13);
        expect(slots.size).toBeGreaterThan(texts.size * 0.7);
      }
    }
  },
);
