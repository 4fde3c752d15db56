import { expect, test } from '@jest/globals';
import { array, assert, constantFrom, property, record, string, tuple } from 'fast-check';
import { cleanText } from '../../../src/leak/clean-text.js';
import { forms } from '../secret/forms.js';
import { knowing, spansIn, token, type Passwords } from './scan.js';

const clean = (text: string, passwords: Passwords = {}) => {
  const { bytes, left } = cleanText(Buffer.from(text), knowing(passwords));
  expect(left).toBe(0);
  return bytes.toString();
};

// The original text, and what stays of it.
test.each([
  ['a value', '{ "password" : "hunter22" ,\t"a":1}\r\n', '{ "password" : "" ,\t"a":1}\r\n'],
  [
    'a typed value',
    '{"key":"p","value":"hunter22","type":"secret"}',
    '{"key":"p","value":"","type":"secret"}',
  ],
  ['a typed number', '{"key":"p","value":123456,"type":"secret"}', '{"key":"p","value":"","type":"secret"}'],
  ['a number', '{"password":12345678,"b":2}', '{"password":"","b":2}'],
  ['a token in a text', `{"log":"got ${token}!"}`, '{"log":"got [redacted]!"}'],
  ['a token that is a value', `{"x":"${token}"}`, '{"x":""}'],
  [
    'a header',
    '{"key":"Authorization","value":"Bearer abcdefgh12345678"}',
    '{"key":"Authorization","value":""}',
  ],
  [
    'JSON in JSON',
    String.raw`{"raw":"{\"password\":\"hunter22\"}"}`,
    String.raw`{"raw":"{\"password\":\"\"}"}`,
  ],
  ['a form', '{"raw":"a=b&password=hunter22&c=d"}', '{"raw":"a=b&password=[redacted]&c=d"}'],
  [
    'an answer',
    '{"type":"Buffer","data":[112,97,115,115,119,111,114,100,61,104,117,110,116,101,114,50,50]}',
    '{"type":"Buffer","data":[]}',
  ],
  ['a line', 'password=hunter22\nx=1\n', 'password=[redacted]\nx=1\n'],
  ['YAML', '- key: password\n  value: hunter22\n', '- key: password\n  value: ""\n'],
])('from %s only the secret is removed', (_what, before, after) => {
  expect(clean(before)).toBe(after);
  expect(clean(after)).toBe(after);
});

test('a device password is removed from every place', () => {
  const passwords = { d: 'hun"ter22', n: '12345678' };
  expect(clean(String.raw`{"a":"hun\"ter22","b":"<hun\"ter22>"}`, passwords)).toBe(
    '{"a":"","b":"<[redacted]>"}',
  );
  expect(clean('{"a":12345678,"b":[9123456789]}', passwords)).toBe('{"a":"","b":[""]}');
  expect(clean('x hun%22ter22 y', passwords)).toBe('x [redacted] y');
});

const text = string({ maxLength: 20, unit: 'grapheme' });
const password = string({ minLength: 6, maxLength: 16, unit: 'grapheme-ascii' });
const name = constantFrom('password', 'client_secret', 'id_token', 'x', 'Authorization');

test('a cleaned document has no secrets, and is still valid', () => {
  const value = tuple(password, text, constantFrom(...forms)).map(
    ([secret, around, [, encode]]) => `${around} ${encode(secret)}`,
  );
  const variable = record({ key: name, value, type: constantFrom('secret', 'default') });
  const document = record({ values: array(variable, { maxLength: 5 }), raw: value, x: text });
  assert(
    property(document, array(password, { maxLength: 3 }), constantFrom(0, 2), (data, secrets, indent) => {
      const passwords = Object.fromEntries(secrets.map((secret, index) => [`d${index}`, secret]));
      const before = JSON.stringify({ ...data, secrets, token }, null, indent);
      const after = clean(before, passwords);
      expect(spansIn(Buffer.from(after), passwords)).toEqual([]);
      const kept = JSON.parse(after) as typeof data;
      expect(kept.values.map(({ key }) => key)).toEqual(data.values.map(({ key }) => key));
    }),
    { numRuns: 500 },
  );
});
