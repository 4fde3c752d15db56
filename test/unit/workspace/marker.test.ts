import { expect, test } from '@jest/globals';
import { digestOf, readMarker, withMarker, withoutMarker } from '../../../src/workspace/marker.js';

const marker = {
  id: '9f3dca74-e12a-540e-94c2-452d3ca20f15',
  written: { body: digestOf('a'), description: digestOf('b') },
};

test.each(['', 'One line.', 'Two\n\n| a | b |\n| - | - |'])(
  'a description keeps its text beside a marker: %j',
  (text) => {
    const marked = withMarker(text, marker);
    expect(readMarker(marked)).toEqual(marker);
    expect(withoutMarker(marked)).toBe(text);
    expect(withMarker(marked, marker)).toBe(marked);
  },
);

test('a marker is read after an editor has moved it or put text around it', () => {
  const line = withMarker('', marker).replaceAll('`', '');
  expect(readMarker(`Text ${line} and more`)).toEqual(marker);
  expect(readMarker(`<code>${line}</code>`)).toEqual(marker);
});

test('a text that only mentions biotz-postman has no marker', () => {
  expect(
    readMarker('Made with biotz-postman generate, see 9f3dca74-e12a-540e-94c2-452d3ca20f15'),
  ).toBeUndefined();
});

test('other line ends, and space around a text, are not edits', () => {
  expect(digestOf('a\r\nb\n')).toBe(digestOf('a\nb'));
});
