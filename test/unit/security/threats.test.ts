import { expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = new URL('../../../', import.meta.url);
const textOf = (path: string) => readFileSync(fileURLToPath(new URL(path, root)), 'utf8');

/** The rows of the table of threats in docs/security.md. */
const threats = (/^## Threats$(.*?)^## /ms.exec(textOf('docs/security.md'))?.[1] ?? '')
  .split('\n')
  .filter((line) => line.startsWith('|'))
  .slice(2)
  .map((line) => line.split(/(?<!\\)\|/).map((cell) => cell.trim()))
  .map(([, threat = '', done = '', shownBy = '']) => ({ threat, done, shownBy }));

test('the threat model names threats', () => {
  expect(threats.length).toBeGreaterThan(30);
});

test.each(threats)('$threat: a test proves it, or it is listed as not covered', ({ done, shownBy }) => {
  const [, file, title] = /^`(test\/[\w./-]+\.test\.ts)`: "([^"]+)"$/.exec(shownBy) ?? [];
  expect(file !== undefined || (shownBy === '' && done.includes('not covered'))).toBe(true);
  // As a title of a test: within quotes, with or without what stands around it.
  const titles = file === undefined ? [] : (textOf(file).match(/(?<=['"`]).*(?=['"`])/g) ?? []);
  expect(title === undefined || titles.some((each) => each.includes(title))).toBe(true);
});
