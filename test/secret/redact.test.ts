import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { assert, constantFrom, pre, property, string } from 'fast-check';
import { redact } from '../../src/secret/redact.js';

const awkward = `x{{y}} & = é "<'>% +/~\n🔑`;

const forms: readonly (readonly [string, (secret: string) => string])[] = [
  ['raw', (secret) => secret],
  ['percent-encoded', encodeURIComponent],
  ['percent-encoded in lower case', (secret) => encodeURIComponent(secret).toLowerCase()],
  ['form-encoded', (secret) => new URLSearchParams({ p: secret }).toString().slice(2)],
  ['JSON-escaped', (secret) => JSON.stringify(secret)],
  ['XML-escaped', (secret) => escapeMarkup(secret, '&apos;')],
  ['HTML-escaped', (secret) => escapeMarkup(secret, '&#39;')],
  ['base64', (secret) => Buffer.from(secret).toString('base64')],
  ['base64url', (secret) => Buffer.from(secret).toString('base64url')],
  ['Basic credentials', (secret) => Buffer.from(`user:${secret}`).toString('base64')],
  ['the body of a form', (secret) => new URLSearchParams({ username: 'u', password: secret }).toString()],
];

function escapeMarkup(text: string, apostrophe: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", apostrophe);
}

describe('a known secret', () => {
  test.each(forms)('is found %s', (_form, encode) => {
    const text = `before ${encode(awkward)} after`;
    const redacted = redact(text, [awkward]);
    expect(redacted).toContain('[redacted]');
    expect(redacted).not.toContain(encode(awkward));
    expect(redacted).toMatch(/^before .* after$/s);
  });

  test('of any content is not in the result in any form', () => {
    assert(
      property(string({ minLength: 6, unit: 'grapheme' }), constantFrom(...forms), (secret, [, encode]) => {
        // What is left must not hold the secret; a secret that is part of the mask itself proves nothing.
        pre(!'[redacted]'.includes(secret));
        expect(redact(`<${encode(secret)}>`, [secret]).replaceAll('[redacted]', '')).not.toContain(secret);
      }),
    );
  });

  test('is found in any mixture of spellings, and in capitals', () => {
    expect(redact('p=%E9%87%91&amp;\\u00e9 %25+A/b!', ['金&é % a/B'])).toBe('p=[redacted]!');
    expect(redact('İΣ ΌΣΟΣ-ΠΊΝΩ é', ['όσος-πίνω'])).toBe('İΣ [redacted] é');
  });

  test('that looks like an escape itself is found raw and encoded', () => {
    const secret = '%25%41&amp;\\\\"';
    for (const text of [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)]) {
      expect(redact(`<${text}>`, [secret])).toBe('<[redacted]>');
    }
  });

  test('is masked whole where a shorter one is its beginning', () => {
    expect(redact('p=abcdefghij', ['abcdef', 'abcdefghij'])).toBe('p=[redacted]');
  });

  test.each([
    ["expected 'p=Zx9-Zx9-…' to equal 'x'", "expected 'p=[redacted]…' to equal 'x'"],
    ['p=Zx9-Zx9-é..., q', 'p=[redacted]..., q'],
    ['p=Zx9-Zx9-%C3…', 'p=[redacted]…'],
    ['p=Zx9-Zx9-\\u00…', 'p=[redacted]…'],
    ['Basic dTpaeDktWng5…', 'Basic dTp[redacted]…'],
    ['p=Zx9-Zx9- and more', 'p=Zx9-Zx9- and more'],
    ['p=Zx9-Zx…', 'p=[redacted]…'],
    ['p=Zx9-Z…', 'p=Zx9-Z…'],
  ])('that was cut in "%s" is masked from six characters on', (text, redacted) => {
    expect(redact(text, ['Zx9-Zx9-é...Zx9-Zx9-'])).toBe(redacted);
  });

  test('that is very short masks the whole text', () => {
    expect(redact('the password abc is wrong', ['abc'])).toBe('[redacted]');
    expect(redact('nothing of it here', ['xyz'])).toBe('nothing of it here');
  });

  test('that is empty changes nothing', () => {
    expect(redact('text', [''])).toBe('text');
  });
});

describe('a text that would take too long to compare', () => {
  test.each<[string, string, string]>([
    ['a run of one character', 'a'.repeat(300_000), `${'a'.repeat(20_000)}b`],
    ['backslashes', '\\'.repeat(100_000), `${'\\'.repeat(20_000)}x`],
    ['escaped percent signs', '%25'.repeat(100_000), `${'%25'.repeat(20_000)}x`],
  ])('is masked whole: %s', (_what, text, secret) => {
    expect(redact(text, [secret])).toBe('[redacted]');
  });
});

describe('a large text', () => {
  const filler = 'The quick brown fox jumps over the lazy dog. '.repeat(10_000);
  const random = (seed: number) => createHash('sha512').update(`${seed}`).digest('base64').slice(0, 20);

  test('is read in full for a thousand secrets', () => {
    const secrets = Array.from({ length: 1000 }, (_, seed) => random(seed));
    expect(redact(`${filler}${random(7)}!${filler}`, secrets)).toBe(`${filler}[redacted]!${filler}`);
  });

  test('is read in full for a secret of a megabyte', () => {
    const secret = 'Zx9-é'.repeat(200_000);
    expect(redact(`${filler}${encodeURIComponent(secret)}!`, [secret])).toBe(`${filler}[redacted]!`);
    expect(redact(`${filler}${btoa(`u:${'Zx9-'.repeat(250_000)}`)}!`, ['Zx9-'.repeat(250_000)])).toMatch(
      /^The .*dog\. dTpa?\[redacted\].{0,4}!$/,
    );
  });

  test.each([
    ['beginnings of a JWT', 'eyJ'.repeat(200_000)],
    ['two parts of a JWT', `${'eyJ-'.repeat(100_000)}.${'eyJ-'.repeat(100_000)}`],
    ['a scheme and spaces', `Basic${' '.repeat(500_000)}`],
    ['the name of a header', 'authorization '.repeat(50_000)],
  ])('without anything to mask is left as it is: %s', (_what, text) => {
    expect(redact(text)).toBe(text);
  });
});

test.each([
  ['a JWT', 'got eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln here', 'got [redacted] here'],
  ['a Bearer value', 'Authorization: Bearer abcdefgh.ijk', 'Authorization: Bearer [redacted]'],
  ['a Basic value', 'authorization: basic dXNlcjpwYXNz', 'authorization: basic [redacted]'],
  ['a JWT after an escape', '%22eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln%22', '%22[redacted]%22'],
  ['a short value after its header', '"Authorization":"Basic YTo="', '"Authorization":"Basic [redacted]"'],
  ['a Basic value alone', 'sent Basic dXNlcjpwYXNz', 'sent Basic [redacted]'],
  ['an opaque token alone', 'sent Bearer 6f1ed002ab5595859014ebf0951522d9', 'sent Bearer [redacted]'],
  ['no word', 'The basic idea of a bearer authentication', 'The basic idea of a bearer authentication'],
  ['no name', 'Basic sensors-01, Bearer pump-7', 'Basic sensors-01, Bearer pump-7'],
  ['no long name', 'Basic temperature-sensor-0001 (Hall_12)', 'Basic temperature-sensor-0001 (Hall_12)'],
])('without knowing any secret it masks %s', (_what, text, redacted) => {
  expect(redact(text)).toBe(redacted);
});
