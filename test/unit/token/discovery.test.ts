import { expect, test } from '@jest/globals';
import { discoverRealm, type Realm, realmUrls } from '../../../src/token/discovery.js';
import { openConnections } from '../../../src/http/connections.js';
import { start } from '../stand-in/platform.js';
import { closing, endpoint, sendJson } from './fixture.js';

const discover = (tokenUrl: string): Promise<Realm> =>
  discoverRealm(closing(openConnections(tokenUrl)), tokenUrl);

test('a realm says where its keys and its logout are', async () => {
  const { tokenUrl, issuer } = await start();
  expect(await discover(tokenUrl)).toMatchObject({
    issuer,
    jwksUrl: `${issuer}/protocol/openid-connect/certs`,
    endSessionUrl: `${issuer}/protocol/openid-connect/logout`,
    grants: ['password', 'refresh_token'],
    scopes: expect.arrayContaining(['openid', 'profile']),
  });
});

test('a byte order mark before a description is ignored', async () => {
  const address = await endpoint((request, response) => {
    const issuer = `http://${request.headers.host}/realms/r`;
    response.end(`\ufeff${JSON.stringify({ issuer, jwks_uri: `${issuer}/certs` })}`);
  });
  const tokenUrl = `${new URL(address).origin}/realms/r/protocol/openid-connect/token`;
  expect(await discover(tokenUrl)).toMatchObject({ jwksUrl: expect.stringMatching(/\/certs$/) });
});

test.each([
  [
    'https://auth.example.org/realms/a%20b/protocol/openid-connect/token',
    'https://auth.example.org/realms/a%20b',
  ],
  [
    'https://auth.example.org/auth/realms/r/protocol/openid-connect/token/',
    'https://auth.example.org/auth/realms/r',
  ],
  ['http://127.0.0.1:8080/realms/r/protocol/openid-connect/token?x=y', 'http://127.0.0.1:8080/realms/r'],
])('the realm of %s is %s', (tokenUrl, issuer) => {
  expect(realmUrls(tokenUrl).issuer).toBe(issuer);
});

test.each([
  'nonsense',
  'https://auth.example.org/token',
  'https://auth.example.org/realms/r/protocol/openid-connect',
])('%s has no realm in it', async (tokenUrl) => {
  await expect(discover(tokenUrl)).rejects.toMatchObject({ code: 'REALM_UNKNOWN' });
});

/** The token URL of a realm that describes itself so. */
async function describing(status: number, describe: (issuer: string) => unknown): Promise<string> {
  const address = await endpoint((request, response) => {
    const [issuer = ''] = `http://${request.headers.host}${request.url}`.split('/.well-known');
    sendJson(response, status, describe(issuer));
  });
  return `${new URL(address).origin}/realms/r/protocol/openid-connect/token`;
}

const good = (issuer: string) => ({ issuer, jwks_uri: `${issuer}/certs` });

test('a short description is enough', async () => {
  const realm = await discover(await describing(200, good));
  expect(realm).toMatchObject({ endSessionUrl: undefined, grants: undefined, scopes: undefined });
});

test.each([
  [
    'names another server for its keys',
    (issuer: string) => ({ issuer, jwks_uri: 'https://evil.example/certs' }),
  ],
  ['names another port for its keys', (issuer: string) => ({ issuer, jwks_uri: 'http://127.0.0.1:1/certs' })],
  [
    'names another server for its tokens',
    (issuer: string) => ({ ...good(issuer), token_endpoint: 'https://evil.example/' }),
  ],
  [
    'names another server for its logout',
    (issuer: string) => ({ ...good(issuer), end_session_endpoint: 'https://evil.example/' }),
  ],
  ['has another issuer', (issuer: string) => ({ ...good(issuer), issuer: `${issuer}2` })],
  ['has no issuer', (issuer: string) => ({ ...good(issuer), issuer: undefined })],
  ['has no keys', (issuer: string) => ({ issuer })],
  ['has keys at no address', (issuer: string) => ({ issuer, jwks_uri: 'here' })],
  ['has a list for an address', (issuer: string) => ({ issuer, jwks_uri: [`${issuer}/certs`] })],
])('a description that %s is not believed, nor repeated', async (_what, describe) => {
  const refusal: unknown = await discover(await describing(200, describe)).catch((error: unknown) => error);
  expect(refusal).toMatchObject({ code: 'DISCOVERY_REFUSED' });
  expect(String(refusal)).not.toContain('evil');
});

test.each([
  [404, { error: 'Realm does not exist' }, 'realm-unknown'],
  [404, {}, 'status-unexpected'],
  [302, {}, 'redirected'],
  [503, {}, 'server-error'],
  [200, 'a text', 'answer-not-json'],
])('an answer %i %j to discovery says why there is none', async (status, body, reason) => {
  await expect(discover(await describing(status, () => body))).rejects.toMatchObject({
    code: 'DISCOVERY_FAILED',
    args: { reason },
  });
});

test('an unreachable server is reported', async () => {
  await expect(discover('http://127.0.0.1:1/realms/r/protocol/openid-connect/token')).rejects.toMatchObject({
    code: 'DISCOVERY_FAILED',
    args: { reason: 'connection-refused' },
  });
});
