import { expect, test } from '@jest/globals';
import { shellWords } from '../../../src/text/shell-words.js';
import { shell } from '../../support/program.js';

const awkward = [
  '--scope',
  'openid email',
  "it's",
  '',
  '$HOME',
  '`id`',
  'a\\b',
  '~',
  '*',
  '!x',
  '"',
  'é😀',
  '#',
  'a;b',
];

test('a shell reads words back as they were', async () => {
  const { stdout } = await shell(`printf '%s\\n' ${shellWords(awkward)}`, []);
  expect(stdout.split('\n').slice(0, -1)).toEqual(awkward);
});

test('what needs no quotes has none', () => {
  expect(shellWords(['--token-url', 'https://a.example:8443/realms/r%20s'])).toBe(
    '--token-url https://a.example:8443/realms/r%20s',
  );
});
