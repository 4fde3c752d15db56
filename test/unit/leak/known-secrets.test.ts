import { describe, expect, test } from '@jest/globals';
import { array, assert, constantFrom, nat, pre, property, string } from 'fast-check';
import { scanWhole } from '../../../src/leak/window-scan.js';
import { redact } from '../../../src/secret/redact.js';
import { MASK } from '../../../src/secret/secret.js';
import { forms } from '../secret/forms.js';
import { knowing, leaksIn, spansIn } from './scan.js';

const inJson = (text: string) => JSON.stringify(text).slice(1, -1);

/** As encoders write them: a redactor also knows a secret whose own letters are in another case. */
const sameCase: typeof forms = [
  ...forms.filter(([name]) => name !== 'percent-encoded in lower case'),
  [
    'percent-encoded in lower case',
    (secret) => encodeURIComponent(secret).replace(/%../g, (escape) => escape.toLowerCase()),
  ],
];

/** More ways than a redactor knows: what is escaped, escaped once more. */
const allForms: typeof forms = [
  ...sameCase,
  ...sameCase.map(
    ([name, encode]) => [`${name}, in JSON`, (secret: string) => inJson(encode(secret))] as const,
  ),
  ['JSON for ASCII', (secret) => asAscii(inJson(secret))],
  [
    'JSON in HTML',
    (secret) =>
      inJson(secret)
        .replaceAll('&', '&amp;')
        .replaceAll('<', '&lt;')
        .replaceAll('>', '&gt;')
        .replaceAll('"', '&quot;'),
  ],
  ['CSV', (secret) => `"${secret.replaceAll('"', '""')}"`],
  ['JSON of PHP', (secret) => inJson(secret).replaceAll('/', '\\/')],
  [
    'RFC 3986',
    (secret) =>
      encodeURIComponent(secret).replace(
        /[!'()*]/g,
        (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
      ),
  ],
];

function asAscii(text: string): string {
  return text.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

const found = (text: string, secrets: readonly string[]) =>
  spansIn(Buffer.from(text), Object.fromEntries(secrets.map((secret, index) => [`d${index}`, secret])));

/** Has every awkward character, and few enough that secrets begin alike and hold one another. */
const alike = string({
  unit: constantFrom(...Array.from('abA%25\\u&#;+/."é🔑 ')),
  minLength: 6,
  maxLength: 12,
});

describe.each([
  ['any characters', string({ minLength: 6, unit: 'grapheme', maxLength: 20 })],
  ['printable characters', string({ minLength: 6, unit: 'grapheme-ascii', maxLength: 24 })],
  ['characters of escapes', alike],
])('secrets with %s', (_what, secret) => {
  test('are found in every form', () => {
    assert(
      property(array(secret, { minLength: 1, maxLength: 8 }), nat(), (secrets, choice) => {
        const embedded = secrets[choice % secrets.length] ?? '';
        pre(Buffer.from(embedded).toString() === embedded);
        const known = knowing(Object.fromEntries(secrets.entries()));
        const missed = allForms.filter(
          ([, encode]) =>
            !scanWhole(Buffer.from(`<${encode(embedded)}>`), known).some(
              ({ code }) => code === 'device-password',
            ),
        );
        expect(missed).toEqual([]);
      }),
      { numRuns: 400 },
    );
  });

  test('are found with the same bounds as the redactor masks', () => {
    assert(
      property(secret, constantFrom(...sameCase), (embedded, [, encode]) => {
        pre(Buffer.from(embedded).toString() === embedded);
        const text = `<${encode(embedded)}>`;
        const bytes = Buffer.from(text);
        let masked = '';
        let done = 0;
        for (const { start, end } of found(text, [embedded])) {
          masked += bytes.toString('utf8', done, start) + MASK;
          done = end;
        }
        masked += bytes.toString('utf8', done);
        expect(masked).toBe(redact(text, [embedded]));
      }),
      { numRuns: 1000 },
    );
  });
});

test('the device of a password is named; if two share it, the first one', async () => {
  const passwords = { first: 'hunter22', second: 'hunter22', third: 'another-1' };
  expect(await leaksIn('hunter22 another-1', passwords)).toMatchObject([
    { device: 'first' },
    { device: 'third' },
  ]);
});

test('a text that nearly contains a password has no finding', () => {
  expect(found('hunter2 unter22 HUNTER22 hunter\\u0032 h-u-n-t-e-r-2-2', ['hunter22'])).toEqual([]);
  expect(found('a"hunter22! &quot;hunter22& %22hunter22', ['"hunter22&!'])).toEqual([]);
});

test('a password of 4 or 5 characters is found only as a whole value, a shorter one not at all', () => {
  expect(found('{"a":"1234","b":"12345"}', ['1234'])).toHaveLength(1);
  expect(found('1234 12345', ['1234'])).toEqual([]);
  expect(found('{"a":"123"}', ['123'])).toEqual([]);
  expect(knowing({ a: '123', b: '1234' }).notCompared).toBe(1);
});

test('a long password is found', () => {
  for (const length of [1000, 5000, 100_000]) {
    expect(found(`<${'xY7-'.repeat(length / 4)}>`, ['xY7-'.repeat(length / 4)])).not.toEqual([]);
  }
});

test('a text made of the beginnings of passwords takes no longer than other texts', () => {
  const secret = `${'a'.repeat(200)}!${'"'.repeat(200)}`;
  const startedAt = performance.now();
  expect(found(`${'a'.repeat(200)}!${'\\"'.repeat(199)} `.repeat(2000), [secret])).toEqual([]);
  expect(performance.now() - startedAt).toBeLessThan(20_000);
});
