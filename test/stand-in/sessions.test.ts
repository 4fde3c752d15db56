import { expect, test } from '@jest/globals';
import { decodeJwt } from 'jose';
import type { StandIn } from '../../src/stand-in/server.js';
import { EndedSessions } from '../../src/stand-in/sessions.js';
import { caseRealm } from './keycloak-cases.js';
import { json, login, postForm, start } from './platform.js';

const START = Date.UTC(2030, 0, 1);

const refresh = ({ tokenUrl }: StandIn, refreshToken: string, changes: Record<string, string> = {}) =>
  postForm(tokenUrl, {
    grant_type: 'refresh_token',
    client_id: caseRealm.clientId,
    refresh_token: refreshToken,
    ...changes,
  });

const logout = ({ issuer }: StandIn, refreshToken: string, clientId: string = caseRealm.clientId) =>
  postForm(`${issuer}/protocol/openid-connect/logout`, { client_id: clientId, refresh_token: refreshToken });

test('a refresh token gives new tokens of the same session, more than once', async () => {
  const platform = await start();
  const tokens = await login(platform);
  for (let time = 0; time < 2; time += 1) {
    const answer = await refresh(platform, tokens.refresh_token);
    expect(answer.status).toBe(200);
    const { id_token: idToken } = await json(answer);
    expect(idToken).not.toBe(tokens.id_token);
    expect(decodeJwt(String(idToken))['sid']).toBe(decodeJwt(tokens.id_token)['sid']);
  }
  expect(platform.counts).toMatchObject({ logins: 1, refreshes: 2 });
});

test('a session that began without openid has no id token after a refresh either', async () => {
  const platform = await start();
  const { refresh_token: refreshToken } = await login(platform, { scope: 'email' });
  const answer = await json(await refresh(platform, refreshToken, { scope: 'openid' }));
  expect(answer).toHaveProperty('access_token');
  expect(answer).not.toHaveProperty('id_token');
});

test.each([
  ['an access token', 'access_token'],
  ['an id token', 'id_token'],
] as const)('%s is no refresh token', async (_name, kind) => {
  const platform = await start();
  const tokens = await login(platform);
  const answer = await refresh(platform, tokens[kind]);
  expect(answer.status).toBe(400);
  expect(await json(answer)).toEqual({ error: 'invalid_grant', error_description: 'Invalid refresh token' });
});

test('a refresh needs its token', async () => {
  const { tokenUrl } = await start();
  const answer = await postForm(tokenUrl, { grant_type: 'refresh_token', client_id: caseRealm.clientId });
  expect(answer.status).toBe(400);
  expect(await json(answer)).toEqual({ error: 'invalid_request', error_description: 'No refresh token' });
});

test.each([
  ['keycloak-26', 400],
  ['keycloak-21', 200],
] as const)('%s answers %i to a refresh with an unknown scope', async (behaviour, status) => {
  const platform = await start({ behaviour });
  const { refresh_token: refreshToken } = await login(platform);
  expect((await refresh(platform, refreshToken, { scope: 'x' })).status).toBe(status);
});

test('a refresh token ends after half an hour', async () => {
  let now = START;
  const platform = await start({ now: () => now });
  const { refresh_token: refreshToken } = await login(platform);
  now += 1799_000;
  expect((await refresh(platform, refreshToken)).status).toBe(200);
  now += 1_000;
  const answer = await refresh(platform, refreshToken);
  expect(answer.status).toBe(400);
  expect(await json(answer)).toEqual({ error: 'invalid_grant', error_description: 'Token is not active' });
});

test('a logout ends its own session and no other, and can be repeated', async () => {
  const platform = await start();
  const ended = await login(platform);
  const other = await login(platform);
  expect((await logout(platform, ended.refresh_token)).status).toBe(204);
  expect((await logout(platform, ended.refresh_token)).status).toBe(204);

  const answer = await refresh(platform, ended.refresh_token);
  expect(answer.status).toBe(400);
  expect(await json(answer)).toEqual({ error: 'invalid_grant', error_description: 'Session not active' });
  expect((await refresh(platform, other.refresh_token)).status).toBe(200);
  expect(platform.counts.logouts).toBe(2);
});

test('a logout needs a refresh token and the client', async () => {
  const platform = await start();
  const { refresh_token: refreshToken, id_token: idToken } = await login(platform);
  expect((await logout(platform, idToken)).status).toBe(400);
  expect((await logout(platform, refreshToken, 'nobody')).status).toBe(401);
  expect((await refresh(platform, refreshToken)).status).toBe(200);
});

test('an ended session is forgotten when none of its tokens can be good any more', () => {
  let now = START;
  const sessions = new EndedSessions(() => now);
  sessions.end('first');
  now += 1_799_000;
  sessions.end('second');
  expect(sessions.has('first')).toBe(true);
  now += 1_000;
  sessions.end('third');
  expect(sessions.has('first')).toBe(false);
  expect(sessions.has('second')).toBe(true);
});
