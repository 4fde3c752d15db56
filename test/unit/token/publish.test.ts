import { describe, expect, test } from '@jest/globals';
import type { IncomingMessage } from 'node:http';
import { Secret } from '../../../src/secret/secret.js';
import { openConnections } from '../../../src/http/connections.js';
import { publishMessage } from '../../../src/token/publish.js';
import { login, start } from '../stand-in/platform.js';
import { closing, endpoint, sendJson } from './fixture.js';

const message = { messageType: 'climate', payload: '{"hum":20.5,"temp":25.6}' };

const publish = (ingestionUrl: string, idToken = 'token') =>
  publishMessage(
    closing(openConnections(ingestionUrl, { timeoutMs: 20_000 })),
    ingestionUrl,
    message,
    new Secret(idToken),
  );

test('the platform takes a message with a token of its own', async () => {
  const platform = await start();
  const { id_token: idToken } = await login(platform);
  expect(await publish(platform.ingestionUrl, idToken)).toEqual({ status: 200 });
  expect(platform.counts).toMatchObject({ published: 1, unpublished: 0 });
});

test('the message arrives as it was given, below the path of the API, with the token in its header', async () => {
  let seen: Pick<IncomingMessage, 'url' | 'method' | 'headers'> | undefined;
  let body = '';
  const address = await endpoint((request, response) => {
    seen = request;
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => sendJson(response, 200, { 'success?': true, details: {} }));
  });
  expect(await publish(`${new URL(address).origin}/below/`)).toEqual({ status: 200 });
  expect(seen).toMatchObject({ method: 'POST', url: '/below/api/device/publish/data/climate' });
  expect(seen?.headers).toMatchObject({ authorization: 'Bearer token', 'content-type': 'application/json' });
  expect(body).toBe(message.payload);
});

describe('a message is not taken', () => {
  test('without a redirect being followed, and its answer is handed on', async () => {
    const address = await endpoint((_request, response) => {
      response.setHeader('location', 'http://127.0.0.1:9/');
      sendJson(response, 307, { moved: true });
    });
    const text = JSON.stringify({ moved: true });
    expect(await publish(new URL(address).origin)).toEqual({ status: 307, reason: 'publish-refused', text });
  });

  test('without a token', async () => {
    expect(await publish((await start()).ingestionUrl)).toMatchObject({ reason: 'publish-unauthorized' });
  });

  test('if no server answers', async () => {
    expect(await publish('http://127.0.0.1:9')).toEqual({ reason: 'connection-refused' });
  });
});
