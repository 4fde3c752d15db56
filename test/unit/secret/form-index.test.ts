import { expect, test } from '@jest/globals';
import { array, assert, constantFrom, nat, property, string, tuple } from 'fast-check';
import { BEGINNING, FormIndex, hashUnit } from '../../../src/secret/form-index.js';
import type { FormNode } from '../../../src/secret/form-index.js';

const form = string({ unit: constantFrom('a', 'b', 'C', 'é'), minLength: 1, maxLength: 12 });

function rootFor(index: FormIndex, text: string): FormNode | undefined {
  let hash = 0;
  let units = 0;
  for (; units < Math.min(text.length, BEGINNING); units++) {
    hash = hashUnit(hash, text.toLowerCase().charCodeAt(units));
  }
  return index.withBeginning(units, text.toLowerCase().charCodeAt(units - 1), hash);
}

/** How many nodes a tree has. */
function size(node: FormNode | undefined): number {
  if (node === undefined) return 0;
  return [...(node.children?.values() ?? [])].reduce((sum, child) => sum + size(child), 1);
}

test('an index is as large after a form has left as before it came, in whatever order they leave', () => {
  assert(
    property(
      array(form, { maxLength: 8 }),
      array(tuple(form, nat()), { maxLength: 12 }),
      (staying, leaving) => {
        const index = new FormIndex();
        for (const text of staying) index.add(text, 'other');
        const texts = [...staying, ...leaving.map(([text]) => text)];
        const before = texts.map((text) => size(rootFor(index, text)));
        const nodes = leaving.map(([text, order]) => ({ node: index.add(text, 'short'), order }));
        for (const { node } of nodes.toSorted((a, b) => a.order - b.order)) index.remove(node, 'short');
        expect(texts.map((text) => size(rootFor(index, text)))).toEqual(before);
        expect(index.isEmpty).toBe(staying.length === 0);
      },
    ),
    { numRuns: 200 },
  );
});

test('a beginning that no form has finds nothing', () => {
  const index = new FormIndex();
  index.add('abcdef', 'other');
  expect(rootFor(index, 'abcx')).toBeUndefined();
  expect(rootFor(index, 'abc')).toBeUndefined();
  expect(rootFor(index, 'ABCD')).toBeDefined();
});
