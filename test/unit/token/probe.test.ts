import { describe, expect, test } from '@jest/globals';
import { openConnections } from '../../../src/http/connections.js';
import { probe, type Probe } from '../../../src/token/probe.js';
import type { LoginProfile } from '../../../src/token/token-request.js';
import { start } from '../stand-in/platform.js';
import { closing, endpoint, profileOf, sendJson } from './fixture.js';

const ask = (tokenUrl: string, changes: Partial<LoginProfile> = {}, timeoutMs = 20_000): Promise<Probe> =>
  probe(closing(openConnections(tokenUrl, { timeoutMs })), profileOf(tokenUrl, changes));

const shapes = ({ evidence }: Probe) =>
  evidence.map(({ bodyMode, clientAuth }) => `${bodyMode} ${clientAuth}`);

test.each([
  ['gateway', 'read', 2, { bodyMode: 'formdata', clientAuth: 'body' }],
  ['keycloak-26', 'read-with-basic', 3, { bodyMode: 'formdata', clientAuth: 'basic' }],
  ['keycloak-21', 'not-read', 2, { bodyMode: 'urlencoded', clientAuth: 'body' }],
] as const)('%s: form-data is %s, told by %i logins', async (behaviour, formData, logins, recommended) => {
  const platform = await start({ behaviour });
  const found = await ask(platform.tokenUrl);
  expect(found).toMatchObject({ client: 'accepted', formData, logins, recommended });
  expect(found.evidence).toHaveLength(logins);
  expect(platform.counts).toMatchObject({ logins: 0, refused: logins });
});

test('the evidence is what was asked and answered', async () => {
  const { tokenUrl } = await start({ behaviour: 'keycloak-26' });
  expect((await ask(tokenUrl)).evidence.slice(0, 2)).toEqual([
    {
      bodyMode: 'urlencoded',
      clientAuth: 'body',
      status: 401,
      error: 'invalid_grant',
      description: 'Invalid user credentials',
      reason: 'invalid-user-credentials',
    },
    {
      bodyMode: 'formdata',
      clientAuth: 'body',
      status: 401,
      error: 'invalid_client',
      description: 'Invalid client or Invalid client credentials',
      reason: 'form-data-not-read',
    },
  ]);
});

describe('where the first login is refused for anything but its user, form-data is not judged', () => {
  test.each([
    ['an unknown client', { clientId: 'nobody' }, 'client-unknown'],
    ['an unknown scope', { scope: 'openid x' }, 'scope-unknown'],
  ] as const)('%s', async (_what, changes, client) => {
    const found = await ask((await start()).tokenUrl, changes);
    expect(found).toMatchObject({ client, formData: 'unknown', logins: 1 });
    expect(found).not.toHaveProperty('recommended');
  });

  test('an unknown realm', async () => {
    const { tokenUrl } = await start();
    expect(await ask(tokenUrl.replace('biotz-platform', 'other'))).toMatchObject({ client: 'realm-unknown' });
  });

  test.each([
    [400, 'unauthorized_client', 'direct-grants-off'],
    [401, 'unauthorized_client', 'client-needs-secret'],
    [403, 'invalid_request', 'https-required'],
    [429, 'slow_down', 'rate-limited'],
    [500, 'unknown_error', 'server-error'],
    [307, '', 'redirected'],
    [200, '', 'access-token-missing'],
  ])('%i %s', async (status, error, client) => {
    const tokenUrl = await endpoint((_request, response) => sendJson(response, status, { error }));
    const found = await ask(tokenUrl);
    expect(found).toMatchObject({ client, formData: 'unknown', logins: 1 });
    expect(found).not.toHaveProperty('recommended');
  });

  test('no answer', async () => {
    const silent = await endpoint(() => undefined);
    expect(await ask(silent, {}, 300)).toMatchObject({
      client: 'timeout',
      evidence: [{ reason: 'timeout' }],
    });
    expect(await ask('http://127.0.0.1:1/token')).toMatchObject({ client: 'connection-refused' });
    expect(await ask('http://auth.example.test/token')).toMatchObject({ client: 'url-insecure' });
  });
});

/** A server that knows its client, and answers form-data with this. */
async function answering(status: number, error: string, basic?: [status: number, error: string]) {
  return endpoint((request, response) => {
    request.resume();
    if (request.headers['content-type'] === 'application/x-www-form-urlencoded') {
      sendJson(response, 401, { error: 'invalid_grant' });
    } else if (request.headers.authorization !== undefined && basic !== undefined) {
      sendJson(response, basic[0], { error: basic[1] });
    } else sendJson(response, status, { error });
  });
}

const urlencoded = { bodyMode: 'urlencoded', clientAuth: 'body' };

test.each([
  [400, 'invalid_request', undefined, 'not-read', 2],
  [403, '', undefined, 'not-read', 2],
  [500, '', undefined, 'unknown', 2],
  [429, '', undefined, 'unknown', 2],
  [302, '', undefined, 'unknown', 2],
  [401, 'invalid_client', [401, 'invalid_client'], 'not-read', 3],
  [401, 'invalid_client', [415, ''], 'not-read', 3],
  [401, 'invalid_client', [503, ''], 'unknown', 3],
] as const)(
  'form-data that is answered %i %s (with Basic %j) is %s, so urlencoded is recommended',
  async (status, error, basic, formData, logins) => {
    const found = await ask(await answering(status, error, basic && [...basic]));
    expect(found).toMatchObject({ client: 'accepted', formData, logins, recommended: urlencoded });
  },
);

test('urlencoded is asked for first, each time as another user who cannot exist', async () => {
  const users: string[] = [];
  const tokenUrl = await endpoint((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => {
      users.push(/probe-[-\w]+(?:@|%40)biotz-postman\.invalid/.exec(body)?.[0] ?? body);
      const isForm = request.headers['content-type']?.includes('urlencoded') === true;
      sendJson(response, 401, { error: isForm ? 'invalid_grant' : 'invalid_client' });
    });
  });
  const found = await ask(tokenUrl);
  expect(shapes(found)).toEqual(['urlencoded body', 'formdata body', 'formdata basic']);
  expect(new Set(users).size).toBe(3);
  expect(users.every((name) => name.startsWith('probe-'))).toBe(true);
});

test("a server's words are only counted unless they are plain prose", async () => {
  const tokenUrl = await endpoint((_request, response) =>
    sendJson(response, 400, { error: 'x'.repeat(9_000), error_description: 7 }),
  );
  const [first] = (await ask(tokenUrl)).evidence;
  expect(first?.error).toBe('[not shown, length 9000]');
  expect(first).not.toHaveProperty('description');
});
