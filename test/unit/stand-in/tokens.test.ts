import { expect, test } from '@jest/globals';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { json, login, loginFields, postForm, start } from './platform.js';

const START = Date.UTC(2030, 0, 1);

test('a token begins now and ends after its lifetime, in seconds', async () => {
  const platform = await start({ now: () => START, tokenLifetimeS: 60 });
  const answer = await json(await postForm(platform.tokenUrl, loginFields()));
  expect(answer['expires_in']).toBe(60);
  const { iat, exp } = decodeJwt(String(answer['id_token']));
  expect({ iat, exp }).toEqual({ iat: START / 1000, exp: START / 1000 + 60 });
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

test('a refresh token is signed with a secret that is not published', async () => {
  const platform = await start();
  const { refresh_token: refreshToken } = await login(platform);
  expect(decodeProtectedHeader(refreshToken).alg).toBe('HS512');
  const { keys } = await json(await fetch(`${platform.issuer}/protocol/openid-connect/certs`));
  expect(keys).toEqual([expect.objectContaining({ kty: 'EC', alg: 'ES256', use: 'sig' })]);
  expect(JSON.stringify(keys)).not.toMatch(/"(d|k)":/);
});
