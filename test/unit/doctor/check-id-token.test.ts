import { expect, test } from '@jest/globals';
import { generateKeyPairSync } from 'node:crypto';
import { type JWTPayload, SignJWT } from 'jose';
import { checkIdToken, readIdToken } from '../../../src/doctor/check-id-token.js';
import type { UsableAnswer } from '../../../src/platform/answers.js';
import type { Realm } from '../../../src/token/discovery.js';
import { endpoint, sendJson } from '../token/fixture.js';
import { connectionsTo, told } from './fixture.js';

const clientId = 'devices';
const issuer = 'https://auth.example.org/realms/r';
const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const now = Date.now();
const second = Math.floor(now / 1000);

async function answerWith(changes: Record<string, unknown>): Promise<UsableAnswer> {
  const usual = { iss: issuer, aud: clientId, azp: clientId, iat: second, exp: second + 300 };
  const claims = { ...usual, ...changes } as JWTPayload;
  const idToken = await new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: 'k' }).sign(privateKey);
  const expiresAt = (second + 300) * 1000;
  return {
    reason: undefined,
    accessToken: 'a',
    idToken,
    refreshToken: undefined,
    expiresAt,
    namesUser: true,
  };
}

async function check(answer: UsableAnswer): Promise<string[]> {
  const jwk = { ...publicKey.export({ format: 'jwk' }), alg: 'ES256', kid: 'k', use: 'sig' };
  const jwksUrl = await endpoint((_request, response) => sendJson(response, 200, { keys: [jwk] }));
  const facts = readIdToken(answer, now);
  if (facts === undefined) throw new Error('no token');
  const realm: Realm = {
    issuer,
    jwksUrl,
    tokenUrl: undefined,
    endSessionUrl: undefined,
    grants: undefined,
    scopes: undefined,
  };
  const connections = connectionsTo(jwksUrl);
  return told(await checkIdToken(answer, facts, { connections, realm, clientId, now: () => now }));
}

test.each([
  ['is right', {}, ['pass id-token-genuine']],
  ['names several audiences', { aud: ['other', clientId] }, ['pass id-token-genuine']],
  [
    'names the client as azp alone',
    { aud: 'other' },
    ['pass id-token-genuine', 'warning id-token-audience-elsewhere'],
  ],
  ['is for another client', { aud: 'other', azp: 'other' }, ['failure id-token-audience-unexpected']],
  ['is of another realm', { iss: 'https://evil.example' }, ['failure id-token-issuer-unexpected']],
  ['is not valid yet', { nbf: second + 3600 }, ['failure id-token-not-yet-valid']],
])('a token that %s', async (_what, changes, expected) => {
  expect(await check(await answerWith(changes))).toEqual(expected.map((each) => `id-token ${each}`));
});

test('a token that was altered is not genuine', async () => {
  const { idToken, ...answer } = await answerWith({});
  const [head, , signature] = idToken.split('.');
  const payload = Buffer.from(JSON.stringify({ iss: issuer, aud: clientId, exp: second + 300 })).toString(
    'base64url',
  );
  expect(await check({ ...answer, idToken: `${head}.${payload}.${signature}` })).toEqual([
    'id-token failure id-token-signature-invalid',
  ]);
});

test('a token without the time of its issue lives from its arrival on', async () => {
  const facts = readIdToken(await answerWith({ iat: undefined }), second * 1000);
  expect(facts).toMatchObject({ alg: 'ES256', kid: 'k', lifetimeS: 300 });
});
