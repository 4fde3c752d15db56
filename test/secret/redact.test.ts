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

  test('that is very short masks the whole text', () => {
    expect(redact('the password abc is wrong', ['abc'])).toBe('[redacted]');
    expect(redact('nothing of it here', ['xyz'])).toBe('nothing of it here');
  });

  test('that is empty changes nothing', () => {
    expect(redact('text', [''])).toBe('text');
  });
});

test.each([
  ['a JWT', 'got eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln here', 'got [redacted] here'],
  ['a Bearer value', 'Authorization: Bearer abcdefgh.ijk', 'Authorization: Bearer [redacted]'],
  ['a Basic value', 'authorization: basic dXNlcjpwYXNz', 'authorization: basic [redacted]'],
  ['nothing', 'The basic idea of a bearer', 'The basic idea of a bearer'],
])('without knowing any secret it masks %s', (_what, text, redacted) => {
  expect(redact(text)).toBe(redacted);
});
