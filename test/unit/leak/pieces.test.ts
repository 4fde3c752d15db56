import { expect, test } from '@jest/globals';
import { mergeSpans } from '../../../src/leak/leak.js';
import { Positions } from '../../../src/leak/positions.js';
import { scanWhole } from '../../../src/leak/window-scan.js';
import { knowing, leaksIn, scanned, spansIn, token } from './scan.js';

const PIECE = 31;

/** Where pieces of a file begin to follow one another: before that it is one. */
const FIRST_BORDER = 2 ** 15;

const passwords = { a: 'hunter22-and-more', b: 'x"y&zzzz' };

const contents: readonly (readonly [string, string])[] = [
  ['a password', 'hunter22-and-more'],
  ['a password with escapes', JSON.stringify('x"y&zzzz')],
  ['Basic credentials', Buffer.from('user:hunter22-and-more').toString('base64')],
  ['a JWT', token],
  ['a typed variable', '{"key":"pin","value":"something","type":"secret"}'],
  ['a typed variable, its value first', '{"type":"secret","value":"something","key":"pin"}'],
  ['a member', '{"x":{"password":"something1"}}'],
  ['a Buffer', `{"type":"Buffer","data":${JSON.stringify([...Buffer.from('{"password":"something1"}')])}}`],
];

test.each(contents)('%s is found wherever a piece of the file ends', (_what, content) => {
  for (let shift = 0; shift < PIECE; shift++) {
    // In an array, after white space, is where JSON leaves it to us how much comes before.
    const isJson = content.startsWith('{') || content.startsWith('"');
    const before = (isJson ? '[' : '') + ' '.repeat(FIRST_BORDER + shift);
    const text = Buffer.from(
      `${before}${content}${isJson ? ',1]' : ''}${' '.repeat(FIRST_BORDER + 7 * PIECE)}`,
    );
    const whole = mergeSpans(scanWhole(text, knowing(passwords)));
    expect(whole).toHaveLength(1);
    expect(spansIn(text, passwords, PIECE)).toEqual(whole);
  }
});

test('the parts of a file do not change the result', () => {
  const text = Buffer.from(`${contents.map(([, content]) => content).join('\n')}\n`.repeat(100));
  const whole = spansIn(text, passwords);
  expect(whole.length).toBeGreaterThan(400);
  for (const part of [1, 7, 4096, 65_536, 100_000])
    expect(spansIn(text, passwords, 1000, part)).toEqual(whole);
});

test('an object and a path may be longer than a piece', async () => {
  const far = 'x'.repeat(300_000);
  const text = `{"outer":{"values":[{"key":"client_secret","a":"${far}","value":"something","b":"${far}"}]}}`;
  expect(await leaksIn(text)).toMatchObject([
    { code: 'secret-in-clear', place: 'outer.values[0] "client_secret"' },
  ]);
  expect(spansIn(Buffer.from(text), {}, PIECE * 10)).toEqual(spansIn(Buffer.from(text), {}));
});

test('a string that is longer than a piece is scanned, and counts as a value', () => {
  const text = Buffer.from(
    `{"a":"${'x'.repeat(200_000)} ${token} ${'y'.repeat(200_000)}","password":"${'z1'.repeat(100_000)}"}`,
  );
  expect(spansIn(text, {}, 1000).map(({ code, place }) => [code, place])).toEqual([
    ['jwt', 'a'],
    ['secret-in-clear', 'password'],
  ]);
});

test('positions do not depend on the parts of a text', () => {
  const text = Buffer.from('aé🔑\n\nb\r\nc\rd');
  const offsets = [...text.keys()].filter((at) => ((text[at] ?? 0) & 0xc0) !== 0x80);
  const wanted = [
    [1, 1],
    [1, 2],
    [1, 3],
    [1, 4],
    [2, 1],
    [3, 1],
    [3, 2],
    [3, 3],
    [4, 1],
    [4, 2],
    [5, 1],
  ];
  for (let part = 1; part <= text.length; part++) {
    const positions = new Positions(offsets);
    for (let at = 0; at < text.length; at += part) positions.push(text.subarray(at, at + part));
    expect(positions.found.map(({ line, column }) => [line, column])).toEqual(wanted);
  }
});

test('findings above the limit are reported as more', async () => {
  const { leaks, hasMore } = await scanned('{"password":"hunter22"}\n'.repeat(20_000));
  expect(hasMore).toBe(true);
  expect(leaks.length).toBeGreaterThan(1000);
});
