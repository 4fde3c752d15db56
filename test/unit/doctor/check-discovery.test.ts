import { describe, expect, test } from '@jest/globals';
import { checkDiscovery } from '../../../src/doctor/check-discovery.js';
import { endpoint, sendJson } from '../token/fixture.js';
import { start } from '../stand-in/platform.js';
import { connectionsTo, found, told } from './fixture.js';

const check = (tokenUrl: string, scope = 'openid') =>
  checkDiscovery(connectionsTo(tokenUrl), { tokenUrl, scope });

/** The token URL of a realm that describes itself so. */
async function describing(describe: (issuer: string) => object, status = 200): Promise<string> {
  const address = await endpoint((request, response) => {
    const [issuer = ''] = `http://${request.headers.host}${request.url}`.split('/.well-known');
    sendJson(response, status, describe(issuer));
  });
  return `${new URL(address).origin}/realms/r/protocol/openid-connect/token`;
}

test('the embedded platform describes itself as expected', async () => {
  const { tokenUrl, issuer } = await start();
  const { realm, findings } = await check(tokenUrl);
  expect(realm?.issuer).toBe(issuer);
  expect(findings).toMatchObject([
    {
      status: 'pass',
      code: 'discovery-agrees',
      args: { issuer },
      evidence: {
        tokenUrl,
        grants: ['password', 'refresh_token'],
        scopes: expect.arrayContaining(['openid']),
      },
    },
  ]);
});

test('a slash at the end of the token URL does not matter', async () => {
  const { tokenUrl } = await start();
  expect(told((await check(`${tokenUrl}/`)).findings)).toEqual(['discovery pass discovery-agrees']);
});

describe('a description that can still be used', () => {
  test.each([
    ['names another token endpoint', { token_endpoint: '/other' }, 'token-url-differs'],
    ['lists no password grant', { grant_types_supported: ['implicit'] }, 'password-grant-unlisted'],
    ['does not list the scope', { scopes_supported: ['email'] }, 'scopes-unlisted'],
  ])(
    '%s',
    async (
      _what,
      { token_endpoint: path, ...changes }: Record<string, unknown> & { token_endpoint?: string },
      code,
    ) => {
      const tokenUrl = await describing((issuer) => ({
        issuer,
        jwks_uri: `${issuer}/certs`,
        ...(path !== undefined && { token_endpoint: `${issuer}${path}` }),
        ...changes,
      }));
      const { realm, findings } = await check(tokenUrl);
      expect(told(findings)).toEqual([`discovery warning ${code}`]);
      expect(realm).toBeDefined();
    },
  );
});

describe('a description that cannot be used', () => {
  test.each([
    ['has its keys on another origin', { jwks_uri: 'https://evil.example/certs' }],
    ['has another issuer', { issuer: 'https://evil.example/realms/r' }],
  ])('%s', async (_what, changes) => {
    const tokenUrl = await describing((issuer) => ({ issuer, jwks_uri: `${issuer}/certs`, ...changes }));
    const { realm, findings } = await check(tokenUrl);
    expect(told(findings)).toEqual(['discovery failure discovery-refused']);
    expect(realm).toBeUndefined();
    expect(JSON.stringify(found(findings, 'discovery-refused'))).not.toContain('evil');
  });

  test('is that of a realm that does not exist', async () => {
    const { tokenUrl } = await start();
    const { findings } = await check(tokenUrl.replace('biotz-platform', 'other'));
    expect(told(findings)).toEqual(['discovery failure realm-unknown']);
  });

  test("is unknown if the token URL does not have Keycloak's layout", async () => {
    const { findings } = await check('http://127.0.0.1:9/token');
    expect(told(findings)).toEqual(['discovery warning realm-not-recognised']);
  });
});
