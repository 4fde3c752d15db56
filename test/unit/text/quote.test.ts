import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { assert, constantFrom, integer, property, string } from 'fast-check';
import { redact } from '../../../src/secret/redact.js';
import { MASK } from '../../../src/secret/secret.js';
import { quote, shorten } from '../../../src/text/quote.js';

const jwt = (length: number) => `eyJhbGciOiJSUzI1NiJ9.${'a'.repeat(length - 25)}.c2ln`;
const quoteWith = (text: string, ...secrets: readonly string[]) =>
  quote(text, (whole) => redact(whole, secrets));

describe('a quoted text', () => {
  test('is redacted and then made harmless, so that what is escaped hides no secret', () => {
    expect(quoteWith('p=a::b\u0007c\n', 'a::b\u0007c')).toBe('p=[redacted]\\u{a}');
    expect(quoteWith('::error::x')).toBe(': :error: :x');
  });

  test('is cut after 300 characters, and never inside a character', () => {
    expect(quoteWith('a'.repeat(300))).toBe('a'.repeat(300));
    expect(quoteWith('a'.repeat(301))).toBe(`${'a'.repeat(300)}…`);
    expect(quoteWith(`${'a'.repeat(299)}🔑🔑`)).toBe(`${'a'.repeat(299)}…`);
  });

  test('is cut where it is asked for', () => {
    expect(quote('abcdef', (text) => text, 3)).toBe('abc…');
    expect(shorten('abc', 3)).toBe('abc');
  });

  test('shows nothing of a secret wherever the search for it ends, in plain text or escaped', () => {
    const encodings: readonly ((secret: string) => string)[] = [
      (secret) => secret,
      (secret) => Buffer.from(secret).toString('base64'),
      (secret) => Array.from(Buffer.from(secret), (byte) => `%${byte.toString(16)}`).join(''),
      (secret) => Array.from(secret, (unit) => `&#x000000${unit.charCodeAt(0).toString(16)};`).join(''),
      (secret) => Array.from(secret, (unit) => `\\u00${unit.charCodeAt(0).toString(16)}`).join(''),
    ];
    assert(
      property(
        string({ unit: constantFrom(...Array.from('qXz7@')), minLength: 6, maxLength: 40 }),
        constantFrom(...encodings),
        integer({ min: 7_600, max: 8_010 }),
        (secret, encode, length) => {
          const shown = quoteWith(`${jwt(length)} ${encode(secret)}`, secret);
          // The last character of base64 holds four bits of the secret at most.
          const left = shown.replaceAll(MASK, '').replace(/\[[a-z]*…$/, '');
          expect(left).toMatch(/^ ?\w?={0,2}…?$/);
        },
      ),
      { numRuns: 200 },
    );
  });
});

test('no other source file cuts a text at a length and marks the cut itself', async () => {
  const sources = fileURLToPath(new URL('../../../src/', import.meta.url));
  const files = (await readdir(sources, { recursive: true })).filter((file) => file.endsWith('.ts'));
  const cutting: string[] = [];
  for (const file of files) {
    const text = await readFile(join(sources, file), 'utf8');
    // An ellipsis after a cut, or a text that is cut between the quotation marks of a message without one.
    if (/\.slice\(0,[^;\n]*…|"\$\{[\w.]+\.slice\(0,/.test(text)) cutting.push(file);
  }
  expect(files.length).toBeGreaterThan(200);
  expect(cutting).toEqual(['text/quote.ts']);
});
