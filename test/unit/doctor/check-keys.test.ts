import { expect, test } from '@jest/globals';
import { generateKeyPairSync } from 'node:crypto';
import { checkKeys } from '../../../src/doctor/check-keys.js';
import { endpoint, sendJson } from '../token/fixture.js';
import { connectionsTo } from './fixture.js';

async function check(status: number, document: unknown) {
  const jwksUrl = await endpoint((_request, response) => sendJson(response, status, document));
  const [found] = await checkKeys(connectionsTo(jwksUrl), { jwksUrl });
  return found;
}

const jwk = (bits: number, more: object) => ({
  ...generateKeyPairSync('rsa', { modulusLength: bits }).publicKey.export({ format: 'jwk' }),
  ...more,
});
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' });

test('keys are reported with their algorithms, without those for encryption', async () => {
  const keys = [
    { ...ec, alg: 'ES256', use: 'sig', kid: 'one' },
    { ...ec, kid: 'any' },
    jwk(2048, { alg: 'RSA-OAEP', use: 'enc', kid: 'two' }),
  ];
  expect(await check(200, { keys })).toMatchObject({
    status: 'pass',
    code: 'keys-usable',
    args: { keys: 2, algorithms: ['ES256', 'ec'] },
    evidence: {
      keys: ['ES256, kid one', 'ec, kid any', 'RSA-OAEP, 2048 bits, for encryption, kid two'],
    },
  });
});

test.each([
  [
    'is one that every client could sign with',
    { kty: 'oct', k: 'c2VjcmV0', alg: 'HS256' },
    'HS256, unreadable',
  ],
  ['is too short', jwk(1024, { alg: 'RS256', use: 'sig' }), 'RS256, 1024 bits, too short'],
  ['is for encryption', { ...ec, use: 'enc' }, 'ec, for encryption'],
  ['has an algorithm that is not accepted', { ...ec, alg: 'none' }, 'none'],
  ['is damaged', { kty: 'EC', crv: 'P-256', x: 'AAAA', y: 'AAAA', alg: 'ES256' }, 'ES256, unreadable'],
])('a key that %s verifies nothing', async (_what, key, text) => {
  expect(await check(200, { keys: [key] })).toMatchObject({
    status: 'failure',
    code: 'keys-unusable',
    evidence: { keys: [text] },
  });
});

test.each([
  [200, {}, 'keys-unusable'],
  [200, { keys: [null, 'x', 7] }, 'keys-unusable'],
  [200, 'a text', 'answer-not-json'],
  [404, {}, 'status-unexpected'],
  [503, {}, 'server-error'],
])('an answer %i %j has no keys', async (status, document, code) => {
  expect(await check(status, document)).toMatchObject({ check: 'keys', status: 'failure', code });
});
