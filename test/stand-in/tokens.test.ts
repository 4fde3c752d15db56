import { expect, test } from '@jest/globals';
import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import { caseRealm } from './keycloak-cases.js';
import { json, login, loginFields, postForm, start } from './platform.js';

const START = Date.UTC(2030, 0, 1);

test.each(['RS256', 'ES256'] as const)(
  'an id token signed with %s verifies by the published key',
  async (signingAlg) => {
    const { issuer, ...platform } = await start({ signingAlg });
    const { id_token: idToken } = await login({ issuer, ...platform });
    const keys = createRemoteJWKSet(new URL(`${issuer}/protocol/openid-connect/certs`));
    const { payload, protectedHeader } = await jwtVerify(idToken, keys, {
      issuer,
      audience: caseRealm.clientId,
    });
    expect(protectedHeader).toMatchObject({ alg: signingAlg, typ: 'JWT', kid: expect.any(String) });
    expect(payload).toMatchObject({
      typ: 'ID',
      azp: caseRealm.clientId,
      preferred_username: 'one@devices.example',
    });
  },
);

test('a token begins now and ends after its lifetime, in seconds', async () => {
  const platform = await start({ now: () => START, tokenLifetimeS: 60 });
  const answer = await json(await postForm(platform.tokenUrl, loginFields()));
  expect(answer['expires_in']).toBe(60);
  const { iat, exp } = decodeJwt(String(answer['id_token']));
  expect({ iat, exp }).toEqual({ iat: START / 1000, exp: START / 1000 + 60 });
});

test('an answer has the fields of Keycloak, in its order', async () => {
  const { tokenUrl } = await start();
  expect(Object.keys(await json(await postForm(tokenUrl, loginFields())))).toEqual([
    'access_token',
    'expires_in',
    'refresh_expires_in',
    'refresh_token',
    'token_type',
    'id_token',
    'not-before-policy',
    'session_state',
    'scope',
  ]);
});

test('the tokens of a login share its session and subject, and differ in type', async () => {
  const tokens = await login(await start());
  const [access, refresh, id] = [tokens.access_token, tokens.refresh_token, tokens.id_token].map((token) =>
    decodeJwt(token),
  );
  expect([access?.['typ'], refresh?.['typ'], id?.['typ']]).toEqual(['Bearer', 'Refresh', 'ID']);
  expect(access?.sub).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(new Set([access?.sub, refresh?.sub, id?.sub]).size).toBe(1);
  expect(new Set([access?.['sid'], refresh?.['sid'], id?.['sid']]).size).toBe(1);
});

test('a user keeps the subject, whatever the case of the username, and has a session per login', async () => {
  const platform = await start();
  const first = decodeJwt((await login(platform)).id_token);
  const second = decodeJwt((await login(platform, { username: 'ONE@devices.example' })).id_token);
  expect(second.sub).toBe(first.sub);
  expect(second['preferred_username']).toBe('one@devices.example');
  expect(second['sid']).not.toBe(first['sid']);
});

test('without the profile scope a token names its user only when asked to', async () => {
  const platform = await start({ profileScope: false });
  expect(decodeJwt((await login(platform)).id_token)).not.toHaveProperty('preferred_username');
  const asked = await login(platform, { scope: 'openid profile' });
  expect(decodeJwt(asked.id_token)).toHaveProperty('preferred_username', 'one@devices.example');
});

test('a client can be given no refresh token', async () => {
  const { tokenUrl } = await start({ refreshTokens: false });
  const answer = await json(await postForm(tokenUrl, loginFields()));
  expect(answer).toMatchObject({ refresh_expires_in: 0, id_token: expect.any(String) });
  expect(answer).not.toHaveProperty('refresh_token');
});

test('a refresh token is signed with a secret that is not published', async () => {
  const platform = await start();
  const { refresh_token: refreshToken } = await login(platform);
  expect(decodeProtectedHeader(refreshToken).alg).toBe('HS512');
  const { keys } = await json(await fetch(`${platform.issuer}/protocol/openid-connect/certs`));
  expect(keys).toEqual([expect.objectContaining({ kty: 'EC', alg: 'ES256', use: 'sig' })]);
  expect(JSON.stringify(keys)).not.toMatch(/"(d|k)":/);
});
