import { expect, test } from '@jest/globals';
import { found, leaksIn, spansIn } from './scan.js';

test.each([
  ['arrays that are nested a million deep', '['.repeat(1_000_000)],
  ['objects that are nested a million deep', '{"a":'.repeat(1_000_000)],
  ['a string that never ends', `{"a":"${'\\"'.repeat(1_000_000)}`],
  ['a number that never ends', `[${'9'.repeat(2_000_000)}`],
  ['a name that never ends', `{"${'password'.repeat(200_000)}`],
  ['nothing but names of secrets', 'password:'.repeat(200_000)],
  ['nothing but beginnings of tokens', 'eyJh'.repeat(400_000)],
  ['nothing but schemes', 'Bearer '.repeat(200_000)],
  ['nothing but labels of keys', '-----BEGIN PRIVATE KEY-----\n'.repeat(50_000)],
  ['nothing but keys of YAML', '- key: password\n  a: b\n'.repeat(50_000)],
  ['a Buffer of values that are not bytes', `{"type":"Buffer","data":[${'-1e999,256,'.repeat(100_000)}1]}`],
])('%s is scanned in time, without a finding', async (_what, text) => {
  const startedAt = performance.now();
  const codes = await found(text);
  expect(codes.filter((code) => !code.startsWith('secret-in-clear'))).toEqual([]);
  expect(performance.now() - startedAt).toBeLessThan(20_000);
});

test('a line of 10 MB is scanned like any other text', () => {
  const text = Buffer.alloc(10_000_000, 'x y');
  text.write('hunter22-and-more', 9_000_000);
  expect(spansIn(text, { d: 'hunter22-and-more' })).toMatchObject([{ start: 9_000_000, device: 'd' }]);
});

test('invalid UTF-8 and NULs hide no secret', async () => {
  const noise = Buffer.from([0xff, 0xfe, 0x41, 0xc3, 0x28, 0x0a, 0xe2, 0x82]);
  for (const fill of [noise, Buffer.alloc(9), Buffer.from('plain')]) {
    const bytes = Buffer.concat([Buffer.from('x'), noise, fill, Buffer.from('pass"word22'), fill, noise]);
    expect(await leaksIn(bytes, { d: 'pass"word22' })).toMatchObject([{ code: 'device-password' }]);
  }
});

test('keys such as __proto__ have no effect', async () => {
  const text = '{"__proto__":{"password":"hunter22"},"constructor":{"key":"password","value":"hunter22"}}';
  expect(await found(text)).toEqual([
    'secret-in-clear __proto__.password',
    'secret-in-clear constructor "password"',
  ]);
});
