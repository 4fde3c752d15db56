import { expect, test } from '@jest/globals';
import type { StandIn } from '../../../src/stand-in/server.js';
import { json, login, start } from './platform.js';

const publish = (
  { ingestionUrl }: StandIn,
  {
    token,
    messageType = 'weather',
    body = '{"hum":20.5,"temp":25.6}',
    contentType = 'application/json',
  }: { token?: string; messageType?: string; body?: string; contentType?: string },
) =>
  fetch(`${ingestionUrl}/api/device/publish/data/${messageType}`, {
    method: 'POST',
    headers: {
      'content-type': contentType,
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    body,
  });

test('takes a JSON object from a device that shows its id token', async () => {
  const platform = await start();
  const { id_token: token } = await login(platform);
  const answer = await publish(platform, { token });
  expect(answer.status).toBe(200);
  expect(await answer.text()).toBe('{"success?":true,"details":{}}');
  expect(platform.counts).toMatchObject({ published: 1, unpublished: 0 });
});

test('answers 404 without a token that it issued as id token', async () => {
  const platform = await start();
  const { access_token: access, refresh_token: refresh, id_token: id } = await login(platform);
  const { id_token: foreign } = await login(await start());
  const [header, payload] = id.split('.');
  const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.`;
  for (const token of [undefined, '', 'x', access, refresh, foreign, unsigned, `${header}.${payload}.AAAA`]) {
    const answer = await publish(platform, token === undefined ? {} : { token });
    expect(answer.status).toBe(404);
    expect(await answer.text()).toBe('{"error":"Authentication required"}');
  }
  expect(platform.counts).toMatchObject({ published: 0, unpublished: 8 });
});

test('answers 404 once the token has expired', async () => {
  let now = Date.UTC(2030, 0, 1);
  const platform = await start({ now: () => now, tokenLifetimeS: 10 });
  const { id_token: token } = await login(platform);
  now += 9_000;
  expect((await publish(platform, { token })).status).toBe(200);
  now += 1_000;
  expect(await json(await publish(platform, { token }))).toEqual({ error: 'Authentication required' });
});

test('does not accept the id token of another client, nor of another realm', async () => {
  for (const options of [{ clientId: 'other' }, { realm: 'other' }]) {
    const platform = await start();
    const other = await start(options);
    const { id_token: token } = await login(other, {
      client_id: options.clientId ?? 'biotz-platform-devices',
    });
    expect((await publish(platform, { token })).status).toBe(404);
    expect((await publish(other, { token })).status).toBe(200);
  }
});

test.each(['Weather', '1st', 'a-b', 'a%20b', 'ñ', 'a'.repeat(65)])(
  'answers 404 to the message type %s',
  async (messageType) => {
    const platform = await start();
    const { id_token: token } = await login(platform);
    const answer = await publish(platform, { token, messageType });
    expect(answer.status).toBe(404);
    expect(await json(answer)).toEqual({ error: 'Message type not found' });
  },
);

test.each(['_', 'a'.repeat(64), 'temperature_2'])('takes the message type %s', async (messageType) => {
  const platform = await start();
  const { id_token: token } = await login(platform);
  expect((await publish(platform, { token, messageType })).status).toBe(200);
});

test.each([
  ['an array', '[1]', 'application/json'],
  ['a number', '1', 'application/json'],
  ['null', 'null', 'application/json'],
  ['malformed', '{"temp":', 'application/json'],
  ['empty', '', 'application/json'],
  ['JSON called text', '{"temp":1}', 'text/plain'],
  ['a form', 'temp=1', 'application/x-www-form-urlencoded'],
])('answers 400 to a body that is %s', async (_name, body, contentType) => {
  const platform = await start();
  const { id_token: token } = await login(platform);
  const answer = await publish(platform, { token, body, contentType });
  expect(answer.status).toBe(400);
  expect(await json(answer)).toEqual({ 'success?': false, details: { body: 'must be a JSON object' } });
});
