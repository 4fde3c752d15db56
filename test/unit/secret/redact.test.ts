import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { assert, constantFrom, pre, property, string } from 'fast-check';
import { redact } from '../../../src/secret/redact.js';
import { forms } from './forms.js';

const awkward = `x{{y}} & = é "<'>% +/~\n🔑`;

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
    expect(redact("p=it\\'s\\xe9\\ud83d\\udd11&#128273;%F0%9F%94%91!", ["it'sé🔑🔑🔑"])).toBe(
      'p=[redacted]!',
    );
  });

  test('is found where another one ends inside of it', () => {
    expect(redact('p=abcdefghijkl!', ['abcdefgh', 'efghijkl'])).toBe('p=[redacted]!');
  });

  test.each([
    '%',
    '%4',
    '%C3',
    '%C3%28',
    '%FF',
    '%F8%88%80%80%80',
    '\\',
    '\\u00e',
    '&#;',
    '&#x110000;',
    '&am;',
  ])('is found behind "%s", which only looks like an escape', (broken) => {
    expect(redact(`${broken}Zx9-Zx9-${broken}`, ['Zx9-Zx9-'])).toBe(`${broken}[redacted]${broken}`);
  });

  test('with half of a surrogate pair is found raw, in JSON, percent-encoded and in base64', () => {
    const secret = 'Zx9-\ud83d-Zx9';
    for (const text of [
      secret,
      JSON.stringify(secret).slice(1, -1),
      'Zx9-%EF%BF%BD-Zx9',
      btoa('Zx9-\xef\xbf\xbd-Zx9'),
    ]) {
      expect(redact(`<${text}>`, [secret])).toMatch(/^<\[redacted\]\w?={0,2}>$/);
    }
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
    ['p=zX9-zX9-…', 'p=[redacted]…'],
    ['Basic dTpaeDktWng5…', 'Basic [redacted]…'],
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
  [
    'an age identity, and one of a post-quantum kind',
    `age-secret-key-1${'qpzry9x8'.repeat(7)} AGE-SECRET-KEY-PQ-1${'QPZRY9X8'.repeat(7)}, AGE-SECRET-KEY-1…`,
    '[redacted] [redacted], AGE-SECRET-KEY-1…',
  ],
  [
    'a key of the Postman API',
    `for PMAK-${'0123456789abcdef'.repeat(2)}-${'0'.repeat(34)}.`,
    'for [redacted].',
  ],
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
