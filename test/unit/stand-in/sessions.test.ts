import { expect, test } from '@jest/globals';
import type { StandIn } from '../../../src/stand-in/server.js';
import { EndedSessions } from '../../../src/stand-in/tokens.js';
import { caseRealm } from './case-realm.js';
import { json, login, postForm, start } from './platform.js';

const START = Date.UTC(2030, 0, 1);

const refresh = ({ tokenUrl }: StandIn, refreshToken: string) =>
  postForm(tokenUrl, {
    grant_type: 'refresh_token',
    client_id: caseRealm.clientId,
    refresh_token: refreshToken,
  });

test('logins, refreshes and logouts are counted', async () => {
  const platform = await start();
  const { refresh_token: refreshToken } = await login(platform);
  await refresh(platform, refreshToken);
  await refresh(platform, refreshToken);
  const fields = { client_id: caseRealm.clientId, refresh_token: refreshToken };
  await postForm(`${platform.issuer}/protocol/openid-connect/logout`, fields);
  expect(platform.counts).toMatchObject({ logins: 1, refreshes: 2, logouts: 1, refused: 0 });
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

test('an ended session is forgotten after all its tokens have expired', () => {
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
