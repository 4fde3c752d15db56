import { describe, expect, test } from '@jest/globals';
import { inspect } from 'node:util';
import { decodeJwt } from 'jose';
import type { Behaviour } from '../../../src/stand-in/behaviour.js';
import { sampleDevices } from '../../../src/stand-in/sample-devices.js';
import type { StandIn, StandInOptions } from '../../../src/stand-in/server.js';
import { createVerifier } from '../../../src/token/verify.js';
import { discoverRealm } from '../../../src/token/discovery.js';
import { openConnections } from '../../../src/http/connections.js';
import type { Engine } from '../../../src/fleet/engine.js';
import type { Login } from '../../../src/token/engine.js';
import { caseRealm } from '../stand-in/case-realm.js';
import { keycloakCases } from '../stand-in/keycloak-cases.js';
import { start } from '../stand-in/platform.js';
import { closing, deviceOf, engineFor, type EngineSetup } from './fixture.js';

const [user] = caseRealm.users;
const own = deviceOf(user.username, user.password);

/** An engine that verifies, as a run without options has it. */
async function verifying({ tokenUrl }: StandIn, setup: EngineSetup = {}): Promise<Engine<Login>> {
  const connections = closing(openConnections(tokenUrl));
  const realm = await discoverRealm(connections, tokenUrl);
  const { verify } = createVerifier({ connections, realm, clientId: caseRealm.clientId });
  return engineFor(tokenUrl, { ...setup, verify });
}

test.each([
  ['gateway', 'formdata', 'body'],
  ['gateway', 'urlencoded', 'body'],
  ['keycloak-26', 'formdata', 'basic'],
  ['keycloak-26', 'urlencoded', 'body'],
  ['keycloak-26', 'urlencoded', 'basic'],
  ['keycloak-21', 'urlencoded', 'body'],
] as const)('%s gives tokens for %s with the client in %s', async (behaviour, bodyMode, clientAuth) => {
  const platform = await start({ behaviour });
  const engine = await verifying(platform, { profile: { bodyMode, clientAuth } });
  const { tokens, warnings, ...attempt } = await engine.attempt(own);
  expect(attempt).toEqual({
    durationMs: attempt.requests[0]?.durationMs,
    requests: [{ name: 'Get token', status: 200, durationMs: expect.any(Number) }],
  });
  expect(warnings).toEqual([]);
  const claims = decodeJwt(tokens?.idToken.reveal() ?? '');
  expect(claims['preferred_username']).toBe(user.username);
  expect(tokens?.expiresAt).toBe((claims.exp ?? 0) * 1000);
  expect(decodeJwt(tokens?.accessToken.reveal() ?? '')['typ']).toBe('Bearer');
  expect(decodeJwt(tokens?.refreshToken?.reveal() ?? '')['typ']).toBe('Refresh');
});

test.each(
  keycloakCases
    .filter(({ fields = {} }) => Object.values(fields).every((value) => value !== undefined))
    .filter(({ fields = {} }) => !('grant_type' in fields))
    .flatMap((sent) =>
      (['gateway', 'keycloak-26', 'keycloak-21'] as const).map((each) => [each, sent] as const),
    ),
)('$1.name at $0: the reason of the table', async (behaviour: Behaviour, sent) => {
  const platform = await start({ behaviour });
  const {
    username = user.username,
    password = user.password,
    client_id: clientId,
    scope,
  } = sent.fields ?? {};
  const tokenUrl = platform.tokenUrl.replace(caseRealm.realm, sent.realm ?? caseRealm.realm);
  const { bodyMode, clientAuth } = sent;
  const profile = {
    bodyMode,
    clientAuth,
    clientId: clientId ?? caseRealm.clientId,
    ...(scope !== undefined && { scope }),
  };
  const { failure, requests } = await engineFor(tokenUrl, { profile }).attempt(deviceOf(username, password));
  const expected = sent.expected[behaviour];
  expect(requests[0]?.status).toBe(expected.status);
  const hasIdToken = 'tokens' in expected && expected.tokens.includes('id_token');
  const reason = 'reason' in expected ? expected.reason : hasIdToken ? undefined : 'id-token-missing';
  expect(failure?.reason).toBe(reason);
});

describe('the client of the realm', () => {
  const login = async (options: Partial<StandInOptions>, setup: EngineSetup = {}) =>
    (await verifying(await start(options), setup)).attempt(own);

  test('may sign with RS256', async () => {
    expect((await login({ signingAlg: 'RS256' })).failure).toBeUndefined();
  });

  test('may be given no refresh token', async () => {
    const { tokens, warnings, ...attempt } = await login({ refreshTokens: false });
    expect(attempt.failure).toBeUndefined();
    expect(tokens).not.toHaveProperty('refreshToken');
    expect(warnings).toEqual([]);
  });

  test('may have no profile scope: nothing says whose the token is, which is worth a warning', async () => {
    const { tokens, warnings, ...attempt } = await login({ profileScope: false });
    expect(attempt.failure).toBeUndefined();
    expect(tokens).toBeDefined();
    expect(warnings).toEqual(['id-token-names-no-user']);
    const asked = await login({ profileScope: false }, { profile: { scope: 'openid profile' } });
    expect(asked.warnings).toEqual([]);
  });

  test('has to be asked for openid', async () => {
    const { tokens, ...attempt } = await login({}, { profile: { scope: 'email' } });
    expect(attempt.failure).toEqual({ reason: 'id-token-missing', request: 'Get token' });
    expect(tokens).toBeUndefined();
  });
});

test('a user name is the same in capitals', async () => {
  const engine = await verifying(await start());
  expect(
    (await engine.attempt(deviceOf(user.username.toUpperCase(), user.password))).failure,
  ).toBeUndefined();
});

test('every device of a fleet is logged in once, with its own tokens', async () => {
  const fleet = [...sampleDevices(200, { seed: 'fleet' })];
  const platform = await start({ devices: fleet });
  const engine = await verifying(platform, { connections: { connections: 16 } });
  const logins = await Promise.all(
    fleet.map(({ username, password }) => engine.attempt(deviceOf(username, password.reveal()))),
  );
  const owners = logins.map(({ tokens }) => decodeJwt(tokens?.idToken.reveal() ?? '')['preferred_username']);
  expect(owners).toEqual(fleet.map(({ username }) => username));
  expect(platform.counts).toMatchObject({ logins: 200, refused: 0 });
});

test('what comes of a login shows no secret', async () => {
  const platform = await start();
  const engine = await verifying(platform);
  const { tokens, ...rest } = await engine.attempt(own);
  const shown = inspect({ tokens, rest }, { depth: 9 }) + JSON.stringify({ tokens, rest });
  expect(shown).not.toContain('eyJ');
  expect(shown).not.toContain(user.password);
});

test('a token that fails verification is not given out, and the reason is', async () => {
  const { tokenUrl } = await start();
  const engine = engineFor(tokenUrl, { verify: () => Promise.resolve('id-token-signature-invalid') });
  const { tokens, ...attempt } = await engine.attempt(own);
  expect(attempt.failure).toEqual({ reason: 'id-token-signature-invalid', request: 'Get token' });
  expect(tokens).toBeUndefined();
});
