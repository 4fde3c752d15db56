import { describe, expect, test } from '@jest/globals';
import { plainOrLength, plainWords } from '../../../src/text/plain-words.js';
import { echoedPasswords, echoes } from './echoes.js';

describe('what a server says is shown', () => {
  test.each([
    'invalid_grant',
    'temporarily_unavailable',
    'Invalid user credentials',
    'Invalid client or Invalid client credentials',
    'Client not allowed for direct access grants',
    'Account is not fully set up',
    'Missing parameter: username',
    'Service Unavailable',
    'For more on this error consult the server log at the debug level.',
    'The server could not handle this request; try again later (too many requests).',
  ])('if it is plain prose: %s', (text) => {
    expect(plainOrLength(text, ['Zx9CanaryQ7'])).toBe(text);
  });

  test.each(['teapot', 'Error 4711', 'Invalid client: röhre', 'a\nb', 'busy '.repeat(41), ''])(
    'only as its length otherwise: %j',
    (text) => {
      expect(plainOrLength(text, [])).toBe(`[not shown, length ${text.length}]`);
    },
  );

  test('with the words of a text of the user, which are no secret', () => {
    expect(plainOrLength('hum must be a number', [], '{"hum":20.5}')).toBe('hum must be a number');
    expect(plainOrLength('hum must be a number', ['hum-1234'], '{"hum":20.5}')).toBe(
      '[not shown, length 20]',
    );
  });
});

describe.each(echoedPasswords)('of the password "%s"', (password) => {
  test.each(echoes)('nothing is shown that is %s', (_way, echo) => {
    const said = echo(password);
    expect(plainOrLength(said, [password])).toBe(`[not shown, length ${said.length}]`);
  });
});

test('the words are there once each, in order', () => {
  const words = plainWords.split(' ');
  expect(words).toEqual([...new Set(words)].toSorted());
  expect(plainWords).toMatch(/^[a-z ]+$/);
});
