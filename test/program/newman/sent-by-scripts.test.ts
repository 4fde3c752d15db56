import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mayBeSentAgain } from '../../../src/journal/journal-state.js';
import { collectionOf, devicesOf, onlyToken, runAll, verdicts } from './fleet.js';
import { startTokenServer } from '../../unit/newman/token-server.js';
import type { TokenServer } from '../../unit/newman/token-server.js';

let server: TokenServer;
beforeEach(async () => {
  server = await startTokenServer();
});
afterEach(() => server.close());

const body = { mode: 'urlencoded', urlencoded: [{ key: 'username', value: '{{username}}' }] };
const login = () => ({ method: 'POST', url: server.tokenUrl, body });
const post = (url: string, then = '') =>
  `pm.sendRequest({ url: '${url}', method: 'POST' }, () => { ${then} });`;

describe('what a script sent counts as sent', () => {
  const sent = [
    ['answered', () => `${server.origin}/message`, 1, 1],
    ['not answered', () => `${server.origin}/reset`, 1, 1],
    ['refused before it could arrive', () => 'http://127.0.0.1:9/message', 0, 2],
    ['a login of its own', () => server.tokenUrl, 0, 4],
  ] as const;

  test.each(sent)('before a login that failed: %s', async (_what, url, published, logins) => {
    const collection = collectionOf({ name: 'Get token', request: login(), prerequest: post(url()) });
    const results = await runAll(server, devicesOf('unavailable'), { collection, ...onlyToken, retries: 1 });
    expect(verdicts(results)).toEqual(['server-error']);
    expect(server.published).toBe(published);
    expect(server.usernames).toHaveLength(logins);
  });

  test('in a script of the whole collection', async () => {
    const event = [{ listen: 'prerequest', script: { exec: [post(`${server.origin}/message`)] } }];
    const collection = { ...collectionOf({ name: 'Get token', request: login() }), event };
    await runAll(server, devicesOf('unavailable'), { collection, ...onlyToken, retries: 2 });
    expect(server.published).toBe(1);
  });

  test('when the script then ends its thread, even if its text does not show that it sends', async () => {
    const hidden = post(`${server.origin}/message`, 'Promise.reject(new Error())').replace(
      'pm.sendRequest',
      `pm['send' + 'Request']`,
    );
    const collection = collectionOf({ name: 'Get token', request: login(), test: hidden });
    const results = await runAll(server, devicesOf('ok'), { collection, ...onlyToken, retries: 2 });
    expect(verdicts(results)).toEqual(['outcome-unknown']);
    expect(server.published).toBe(1);
    expect(server.usernames).toHaveLength(1);
  });
});

test('a message under the name of a login is sent once, and is not to be sent again by --resume failed', async () => {
  const collection = collectionOf({
    name: 'Get token',
    request: { method: 'POST', url: `${server.origin}/reset` },
  });
  const [result] = await runAll(server, devicesOf('ok'), { collection, ...onlyToken, retries: 2 });
  expect(server.published).toBe(1);
  expect(result).toMatchObject({ reason: 'connection-reset', messageUnanswered: true });
  expect(result !== undefined && mayBeSentAgain(result)).toBe(false);
});

test('a login under another name is repeated like any login', async () => {
  const collection = collectionOf({ name: 'Log in', request: login() });
  const [result] = await runAll(server, devicesOf('reset'), { collection, retries: 1 });
  expect(server.usernames).toHaveLength(2);
  expect(result).toMatchObject({ reason: 'connection-reset', messageUnanswered: false });
  expect(result !== undefined && mayBeSentAgain(result)).toBe(true);
});

test('a message that arrived is not sent again because a later request found no server', async () => {
  const collection = collectionOf(
    { name: 'message', request: { method: 'POST', url: `${server.origin}/message` } },
    { name: 'other', request: { method: 'POST', url: 'http://127.0.0.1:9/' } },
  );
  const results = await runAll(server, devicesOf('ok'), { collection, retries: 2 });
  expect(verdicts(results)).toEqual(['connection-refused']);
  expect(server.published).toBe(1);
});
