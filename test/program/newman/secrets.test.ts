import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { collectionWith, devicesOf, onlyToken, runAll } from './fleet.js';
import { OPAQUE, startTokenServer, type TokenServer } from '../../unit/newman/token-server.js';

let server: TokenServer;
beforeAll(async () => {
  server = await startTokenServer();
});
afterAll(() => server.close());

const detailOf = async (username: string, script: string) => {
  const [result] = await runAll(server, devicesOf(username), {
    collection: await collectionWith(script),
    ...onlyToken,
  });
  return result?.status === 'failed' ? result.detail : undefined;
};

test.each(['opaque', 'opaqueform', 'opaquexml'])(
  'tokens that a script gets by a request of its own are masked in what it throws: %s',
  async (kind) => {
    const detail = await detailOf(
      'ok-1',
      `pm.sendRequest({
        url: pm.variables.get('token_url'),
        method: 'POST',
        body: { mode: 'urlencoded', urlencoded: [{ key: 'username', value: '${kind}-1' }] },
      }, (error, response) => {
        const { id_token, access_token, refresh_token, ...rest } = /^{/.test(response.text()) ? response.json() : {};
        const { Date, ...headers } = response.headers.toObject();
        throw new Error(JSON.stringify(rest) + (id_token ? '' : response.text()) + JSON.stringify(headers));
      });`,
    );
    expect(detail).toContain('[redacted]');
    expect(detail).not.toContain(OPAQUE);
  },
);

test('secrets of the environment and the collection are masked in what a script throws', async () => {
  const values = [
    { key: 'token_url', value: server.tokenUrl },
    { key: 'salt', value: 'Salt-4711', type: 'secret' },
    { key: 'client_secret', value: 'Client-4712' },
  ];
  const collection = {
    ...(await collectionWith(
      `throw new Error(['salt', 'client_secret', 'pin'].map((name) => pm.variables.get(name)))`,
    )),
    variable: [{ key: 'pin', value: 'Pin-4713', type: 'secret' }],
  };
  const [result] = await runAll(server, devicesOf('ok-1'), {
    collection,
    environment: { values },
    ...onlyToken,
  });
  expect(result).toMatchObject({ reason: 'script-failed', detail: '[redacted],[redacted],[redacted]' });
});

test('a password behind a long token is masked where the search for it ends inside the password', async () => {
  const detail = await detailOf(
    'ok-1',
    `const text = 'eyJhbGciOiJSUzI1NiJ9.' + 'a'.repeat(7953) + '.c2ln ' + pm.iterationData.get('password');
    throw new Error(text + ' '.repeat(200));`,
  );
  expect(detail?.replaceAll('[redacted]', '').trim()).toBe('…');
});
