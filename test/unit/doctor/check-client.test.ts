import { describe, expect, test } from '@jest/globals';
import { checkClient } from '../../../src/doctor/check-client.js';
import type { TokenRequestShape } from '../../../src/platform/answers.js';
import { biotzProfile, type Profile } from '../../../src/platform/profile.js';
import type { Behaviour } from '../../../src/stand-in/behaviour.js';
import { start } from '../stand-in/platform.js';
import { endpoint, sendJson } from '../token/fixture.js';
import { connectionsTo, told } from './fixture.js';

const check = (profile: Partial<Profile> & { tokenUrl: string }, wanted?: TokenRequestShape) =>
  checkClient(connectionsTo(profile.tokenUrl), { ...biotzProfile, ...profile }, wanted);

const shapes = {
  guide: { bodyMode: 'formdata', clientAuth: 'body' },
  basic: { bodyMode: 'formdata', clientAuth: 'basic' },
  urlencoded: { bodyMode: 'urlencoded', clientAuth: 'body' },
} as const;

describe('without a choice of how to send logins, the first that works is used', () => {
  test.each([
    ['gateway', 'pass encoding-read', shapes.guide],
    ['keycloak-26', 'warning encoding-differs', shapes.basic],
    ['keycloak-21', 'warning encoding-differs', shapes.urlencoded],
  ] as const)('%s: %s', async (behaviour, says, shape) => {
    const platform = await start({ behaviour });
    const found = await check(platform);
    expect(told(found.findings)).toEqual(['client pass client-accepted', `encoding ${says}`]);
    expect(found.shape).toEqual(shape);
    expect(platform.counts).toMatchObject({ logins: 0 });
  });
});

describe('a way that was asked for is judged', () => {
  test.each([
    ['gateway', shapes.guide, 'pass encoding-read', shapes.guide],
    ['gateway', shapes.basic, 'unknown encoding-unclear', shapes.basic],
    ['keycloak-26', shapes.guide, 'failure encoding-refused', shapes.basic],
    ['keycloak-26', shapes.basic, 'pass encoding-read', shapes.basic],
    ['keycloak-26', shapes.urlencoded, 'pass encoding-read', shapes.urlencoded],
    ['keycloak-21', shapes.basic, 'failure encoding-refused', shapes.urlencoded],
    ['keycloak-21', shapes.urlencoded, 'pass encoding-read', shapes.urlencoded],
    [
      'keycloak-21',
      { bodyMode: 'urlencoded', clientAuth: 'basic' },
      'unknown encoding-unclear',
      { bodyMode: 'urlencoded', clientAuth: 'basic' },
    ],
  ] as const)('%s, %j: %s', async (behaviour: Behaviour, wanted, says, shape) => {
    const found = await check(await start({ behaviour }), wanted);
    expect(told(found.findings).at(-1)).toBe(`encoding ${says}`);
    expect(found.shape).toEqual(shape);
  });
});

test('if the server is busy with form-data, its way of reading it stays unknown', async () => {
  const tokenUrl = await endpoint((request, response) => {
    const isForm = request.headers['content-type']?.startsWith('multipart');
    sendJson(response, isForm === true ? 503 : 401, { error: 'invalid_grant' });
  });
  const found = await check({ tokenUrl });
  expect(told(found.findings).at(-1)).toBe('encoding unknown encoding-unclear');
  expect(found.shape).toEqual(shapes.urlencoded);
});

describe('a client that is not accepted', () => {
  test.each([
    ['does not exist', { clientId: 'nobody' }, 'client-unknown', '401 invalid_client'],
    ['has a secret', { clientId: 'confidential' }, 'client-needs-secret', '401 unauthorized_client'],
    [
      'has no password grant',
      { clientId: 'no-direct-grants' },
      'direct-grants-off',
      '400 unauthorized_client',
    ],
    ['asks for an unknown scope', { scope: 'openid x' }, 'scope-unknown', '400 invalid_scope'],
  ])('%s', async (_what, changes, code, answer) => {
    const { tokenUrl } = await start();
    const { findings, shape } = await check({ tokenUrl, ...changes });
    expect(told(findings)).toEqual([`client failure ${code}`]);
    expect(shape).toBeUndefined();
    expect(findings[0]?.evidence).toEqual({
      logins: 1,
      answers: [expect.stringContaining(`urlencoded: ${answer}`)],
    });
  });

  test('is told apart from a server that is silent', async () => {
    const { findings } = await check({ tokenUrl: 'http://127.0.0.1:9/token' });
    expect(told(findings)).toEqual(['client failure connection-refused']);
  });
});

test('a scope without openid is seen without a login', async () => {
  const { tokenUrl } = await start();
  const { findings, shape } = await check({ tokenUrl, scope: 'email profile' });
  expect(told(findings)).toContain('client failure scope-without-openid');
  expect(shape).toBeDefined();
});
