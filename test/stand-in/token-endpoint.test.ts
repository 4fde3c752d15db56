import { describe, expect, test } from '@jest/globals';
import { explainRefusal } from '../../src/platform/answers.js';
import type { Behaviour } from '../../src/stand-in/behaviour.js';
import { keycloakCases, tokenRequest } from './keycloak-cases.js';
import { json, loginFields, postForm, start } from './platform.js';

const behaviours: readonly Behaviour[] = ['gateway', 'keycloak-26', 'keycloak-21'];

describe.each(behaviours)('%s', (behaviour) => {
  test.each(keycloakCases)('answers $name as measured, and the product knows why', async (sent) => {
    const { url } = await start({ behaviour });
    const answer = await fetch(...tokenRequest(url, sent));
    const body = await json(answer);
    const seen =
      answer.status === 200
        ? { status: 200, tokens: Object.keys(body).filter((name) => name.endsWith('_token')) }
        : { status: answer.status, body, reason: explainRefusal(answer.status, body, sent) };
    expect(seen).toEqual(sent.expected[behaviour]);
    expect(answer.headers.get('content-type')).toBe('application/json');
  });

  test('refuses a field that is sent twice', async () => {
    const { tokenUrl } = await start({ behaviour });
    const body = new URLSearchParams(loginFields());
    body.append('username', 'two@devices.example');
    const answer = await fetch(tokenUrl, { method: 'POST', body });
    expect(answer.status).toBe(400);
    expect(await json(answer)).toEqual({
      error: 'invalid_request',
      error_description: 'duplicated parameter',
    });
  });

  test('takes a request without a body for an empty form', async () => {
    const { tokenUrl } = await start({ behaviour });
    const answer = await fetch(tokenUrl, { method: 'POST' });
    expect(answer.status).toBe(400);
    expect(await json(answer)).toMatchObject({ error_description: 'Missing form parameter: grant_type' });
  });
});

test.each([
  ['gateway', 400, 'invalid_request'],
  ['keycloak-26', 400, 'invalid_request'],
  ['keycloak-21', 415, 'RESTEASY003065: Cannot consume content type'],
] as const)('%s answers %i to a JSON body', async (behaviour, status, error) => {
  const { tokenUrl } = await start({ behaviour });
  const answer = await fetch(tokenUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(loginFields()),
  });
  expect(answer.status).toBe(status);
  expect(await json(answer)).toMatchObject({ error });
});

test.each([
  ['gateway', 400, 'invalid_request'],
  ['keycloak-26', 500, 'unknown_error'],
  ['keycloak-21', 415, 'RESTEASY003065: Cannot consume content type'],
] as const)('%s answers %i to a file in form-data', async (behaviour, status, error) => {
  const { tokenUrl } = await start({ behaviour });
  const body = new FormData();
  for (const [name, value] of Object.entries(loginFields())) body.append(name, value);
  body.set('password', new Blob(['x'.repeat(300_000)]), 'password.txt');
  const answer = await fetch(tokenUrl, { method: 'POST', body });
  expect(answer.status).toBe(status);
  expect(await json(answer)).toMatchObject({ error });
});

test.each([
  ['gateway', 'HTTP 405 Method Not Allowed'],
  ['keycloak-26', 'HTTP 405 Method Not Allowed'],
  ['keycloak-21', 'RESTEASY003650: No resource method found for GET, return 405 with Allow header'],
] as const)('%s answers 405 to a GET', async (behaviour, error) => {
  const { tokenUrl } = await start({ behaviour });
  const answer = await fetch(tokenUrl);
  expect(answer.status).toBe(405);
  expect(await json(answer)).toEqual({ error });
});

test('a client in an urlencoded body wins over one in Basic', async () => {
  const { tokenUrl } = await start();
  const send = (clientId: string, basic: string) =>
    fetch(tokenUrl, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${basic}:`).toString('base64')}` },
      body: new URLSearchParams(loginFields({ client_id: clientId })),
    });
  expect((await send('biotz-platform-devices', 'nobody')).status).toBe(200);
  expect((await send('nobody', 'biotz-platform-devices')).status).toBe(401);
});

test('a Basic header that cannot be decoded is refused, whatever the body says', async () => {
  const { tokenUrl } = await start();
  const answer = await fetch(tokenUrl, {
    method: 'POST',
    headers: { authorization: 'Basic !!!' },
    body: new URLSearchParams(loginFields()),
  });
  expect(answer.status).toBe(400);
  expect(await json(answer)).toEqual({
    error: 'unauthorized_client',
    error_description: 'Unexpected error when authenticating client',
  });
});

test('users can be found by a function, which is asked for the lower-cased username', async () => {
  const asked: string[] = [];
  const { tokenUrl } = await start({ devices: (username) => void asked.push(username) });
  expect((await postForm(tokenUrl, loginFields({ username: 'Sensor@Devices' }))).status).toBe(401);
  expect(asked).toEqual(['sensor@devices']);
});

test('no answer may be stored by a cache', async () => {
  const { tokenUrl } = await start();
  for (const password of [loginFields()['password'] ?? '', 'wrong']) {
    const { headers } = await postForm(tokenUrl, loginFields({ password }));
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('pragma')).toBe('no-cache');
  }
});

test('counts what it answered', async () => {
  const { tokenUrl, counts } = await start({ behaviour: 'keycloak-21' });
  await postForm(tokenUrl, loginFields());
  await postForm(tokenUrl, loginFields());
  await postForm(tokenUrl, loginFields({ password: 'wrong' }));
  await fetch(tokenUrl, { method: 'POST', body: new FormData() });
  expect(counts).toMatchObject({ logins: 2, refused: 2, refreshes: 0 });
});
