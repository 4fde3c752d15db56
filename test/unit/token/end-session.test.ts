import { expect, test } from '@jest/globals';
import { openConnections } from '../../../src/http/connections.js';
import { createTokenEngine } from '../../../src/token/engine.js';
import { idToken, future } from '../postman/fixture.js';
import { caseRealm } from '../stand-in/case-realm.js';
import { start } from '../stand-in/platform.js';
import { deviceOf, endpoint, engineFor, profileOf, sendJson } from './fixture.js';

const [user] = caseRealm.users;
const own = deviceOf(user.username, user.password);
const endSessions = true;

test('a session is ended after its login', async () => {
  const platform = await start();
  const { warnings, tokens, ...attempt } = await engineFor(platform.tokenUrl, { endSessions }).attempt(own);
  expect(attempt.failure).toBeUndefined();
  expect(attempt.requests).toMatchObject([
    { name: 'Get token', status: 200 },
    { name: 'End session', status: 204 },
  ]);
  expect(warnings).toEqual([]);
  expect(tokens).toBeDefined();
  expect(platform.counts).toMatchObject({ logins: 1, logouts: 1 });
});

test('without being told to, no session is ended', async () => {
  const platform = await start();
  await engineFor(platform.tokenUrl).attempt(own);
  expect(platform.counts.logouts).toBe(0);
});

test('a login that failed has no session to end', async () => {
  const platform = await start();
  const { warnings, ...attempt } = await engineFor(platform.tokenUrl, { endSessions }).attempt(
    deviceOf(user.username, 'wrong'),
  );
  expect(attempt.requests).toHaveLength(1);
  expect(warnings).toEqual([]);
});

test('a session whose token cannot be used is ended all the same', async () => {
  const platform = await start();
  const profile = { scope: 'email' };
  const attempt = await engineFor(platform.tokenUrl, { endSessions, profile }).attempt(own);
  expect(attempt.failure?.reason).toBe('id-token-missing');
  expect(platform.counts.logouts).toBe(1);
  const verify = () => Promise.resolve('id-token-key-unknown' as const);
  await engineFor(platform.tokenUrl, { endSessions, verify }).attempt(own);
  expect(platform.counts.logouts).toBe(2);
});

test('without a refresh token the device passes, with a warning', async () => {
  const { tokenUrl } = await start({ refreshTokens: false });
  const { warnings, ...attempt } = await engineFor(tokenUrl, { endSessions }).attempt(own);
  expect(attempt.failure).toBeUndefined();
  expect(attempt.requests).toHaveLength(1);
  expect(warnings).toEqual(['session-not-endable']);
});

/** A realm that gives tokens to every user, and then does this when asked for a session's end. */
async function realm(logout: number | 'reset', username: string) {
  const bodies: string[] = [];
  const address = await endpoint((request, response) => {
    if (request.url?.endsWith('/logout') === true) {
      request.setEncoding('utf8').on('data', (text: string) => bodies.push(text));
      if (logout === 'reset') request.socket.destroy();
      else response.writeHead(logout).end();
      return;
    }
    sendJson(response, 200, {
      access_token: 'access',
      token_type: 'Bearer',
      refresh_token: 'refresh &=',
      id_token: idToken({ exp: future(), preferred_username: username }),
    });
  });
  return { tokenUrl: `${new URL(address).origin}/realms/r/protocol/openid-connect/token`, bodies };
}

test.each([400, 500, 302, 'reset'] as const)('a logout that fails (%s) is a warning', async (logout) => {
  const { tokenUrl } = await realm(logout, user.username);
  const { warnings, ...attempt } = await engineFor(tokenUrl, { endSessions }).attempt(own);
  expect(attempt.failure).toBeUndefined();
  expect(attempt.requests[1]?.status).toBe(logout === 'reset' ? undefined : logout);
  expect(warnings).toEqual(['session-not-ended']);
});

test('the refresh token arrives as it is', async () => {
  const { tokenUrl, bodies } = await realm(204, user.username);
  await engineFor(tokenUrl, { endSessions }).attempt(own);
  expect(bodies).toEqual(['client_id=biotz-platform-devices&refresh_token=refresh%20%26%3D']);
});

test("another user's session is not ended", async () => {
  const { tokenUrl, bodies } = await realm(204, 'somebody-else');
  const attempt = await engineFor(tokenUrl, { endSessions }).attempt(own);
  expect(attempt.failure?.reason).toBe('id-token-of-another-user');
  expect(bodies).toEqual([]);
});

test('without a realm in the token URL, sessions cannot be ended, which is reported at once', () => {
  const tokenUrl = 'http://127.0.0.1:9/token';
  const connections = openConnections(tokenUrl);
  expect(() => createTokenEngine({ profile: profileOf(tokenUrl), connections, endSessions })).toThrow(
    expect.objectContaining({ code: 'REALM_UNKNOWN' }),
  );
});
