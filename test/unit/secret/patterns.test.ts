import { describe, expect, test } from '@jest/globals';
import { secretPatterns } from '../../../src/secret/patterns.js';
import { redact } from '../../../src/secret/redact.js';
import { leaksIn, token } from '../leak/scan.js';

const basic = Buffer.from('user:hunter22-Xy').toString('base64');
const encrypted = `${token}.Zm91cnRo.ZmlmdGg`;

/** A secret of each shape, and the code under which the scanner reports it. */
const samples: Readonly<
  Record<keyof typeof secretPatterns, readonly (readonly [kept: string, secret: string, code: string])[]>
> = {
  jwt: [
    ['', token, 'jwt'],
    ['', encrypted, 'jwt'],
  ],
  ageIdentity: [
    ['', `AGE-SECRET-KEY-1${'QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L'.repeat(2)}`, 'age-identity'],
    ['', `AGE-SECRET-KEY-PQ-1${'QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L'.repeat(2)}`, 'age-identity'],
  ],
  postmanKey: [
    ['', `PMAK-${'0123456789abcdef'.repeat(2)}-${'fedcba9876543210'.repeat(2)}`, 'postman-api-key'],
  ],
  authorization: [
    ['Basic ', basic, 'authorization'],
    ['Bearer ', 'q7Rk2mV9xT4bN8wZ1yC5', 'authorization'],
  ],
};

describe.each(Object.entries(samples))('a secret of the shape %s', (name, secrets) => {
  test.each(secrets)('%s%s is described whole by its pattern', (kept, secret) => {
    const pattern = new RegExp(`^${secretPatterns[name as keyof typeof samples]}$`);
    expect(`${kept}${secret}`).toMatch(pattern);
  });

  test.each(secrets)('%s%s is masked by the redactor', (kept, secret) => {
    expect(redact(`before ${kept}${secret} after`)).toBe(`before ${kept}[redacted] after`);
  });

  test.each(secrets)('%s%s is found by the scanner', async (kept, secret, code) => {
    const leaks = await leaksIn(`before ${kept}${secret} after\n`);
    expect(leaks.map((leak) => leak.code)).toEqual([code]);
  });
});
