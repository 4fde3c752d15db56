import { expect, test } from '@jest/globals';
import { array, assert, constantFrom, integer, property, string } from 'fast-check';
import { PatternIndex, Patterns } from '../../../src/leak/pattern-index.js';

const alike = (minLength: number, maxLength: number) =>
  string({ unit: constantFrom('a', 'b', 'A'), minLength, maxLength });

/** Every occurrence, as `pattern@place`. */
function search(
  patterns: readonly string[],
  text: string,
  piece: number,
  foldCase: boolean,
): readonly string[] {
  const set = new Patterns();
  for (const pattern of patterns) set.add(Buffer.from(pattern));
  const index = new PatternIndex(set, { foldCase });
  const bytes = Buffer.from(text);
  const found: string[] = [];
  for (let from = 0; from < bytes.length; from += piece) {
    index.search(bytes, 0, from, Math.min(bytes.length, from + piece), (pattern, at) =>
      found.push(`${pattern}@${at}`),
    );
  }
  return found.toSorted();
}

function naively(patterns: readonly string[], text: string): readonly string[] {
  const found = patterns.flatMap((pattern, number) =>
    Array.from(text, (_, at) => (text.startsWith(pattern, at) ? [`${number}@${at}`] : [])).flat(),
  );
  return found.toSorted();
}

// Each length of the shortest pattern makes another distance between the places that are looked at.
test.each([4, 5, 6, 7, 10, 11, 15, 23, 40])(
  'finds each occurrence of patterns of %i bytes and more once, in pieces of any size',
  (shortest) => {
    assert(
      property(
        array(alike(shortest, shortest + 3), { minLength: 1, maxLength: 6 }),
        alike(0, 200),
        integer({ min: 1, max: 50 }),
        (patterns, random, piece) => {
          const text = random + patterns.join(random.slice(0, 3)) + random;
          expect(search(patterns, text, piece, false)).toEqual(naively(patterns, text));
          const folded = patterns.map((pattern) => pattern.toLowerCase());
          expect(search(folded, text, piece, true)).toEqual(naively(folded, text.toLowerCase()));
        },
      ),
      { numRuns: 200 },
    );
  },
);

test('finds nothing without patterns, or in an empty text', () => {
  expect(search([], 'abcd', 10, false)).toEqual([]);
  expect(search(['abcd'], '', 10, false)).toEqual([]);
});
