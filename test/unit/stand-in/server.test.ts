import { connect } from 'node:net';
import { expect, test } from '@jest/globals';
import { standInError } from '../../../src/stand-in/errors.js';
import { json, login, loginFields, postForm, start } from './platform.js';

/** Sends bytes that no HTTP client would, and gives back all that is answered. */
function sendRaw(url: string, bytes: string): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => (answer += chunk));
    socket.on('error', reject);
    socket.on('close', () => resolve(answer));
  });
}

test("the guide's request gets three tokens, and the id token publishes", async () => {
  const { tokenUrl, ingestionUrl } = await start({ behaviour: 'gateway', signingAlg: 'RS256' });
  const guide = [
    ['grant_type', 'password'],
    ['client_id', 'biotz-platform-devices'],
    ['scope', 'openid'],
    ['username', 'one@devices.example'],
    ['password', 'right &=+%";é'],
  ] as const;
  const form = new FormData();
  for (const [key, value] of guide) form.append(key, value);
  const fields = new URLSearchParams(Object.fromEntries(guide));

  for (const body of [form, fields]) {
    const answer = await fetch(tokenUrl, { method: 'POST', body });
    expect(answer.status).toBe(200);
    const tokens = await json(answer);
    expect(tokens).toMatchObject({ access_token: expect.any(String), refresh_token: expect.any(String) });
    const published = await fetch(`${ingestionUrl}/api/device/publish/data/weather`, {
      method: 'POST',
      headers: { authorization: `Bearer ${String(tokens['id_token'])}`, 'content-type': 'application/json' },
      body: JSON.stringify({ hum: 20.5, temp: 25.6 }),
    });
    expect(published.status).toBe(200);
    expect(await json(published)).toEqual({ 'success?': true, details: {} });
  }
});

test('listens on loopback, on a port of its own', async () => {
  const [one, two] = [await start(), await start()];
  expect(one.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect(two.url).not.toBe(one.url);
});

test('a port in use is an error with its code', async () => {
  const { url } = await start();
  const port = Number(new URL(url).port);
  const error: unknown = await start({ port }).catch((reason: unknown) => reason);
  expect(standInError.is(error, 'SERVER_NOT_STARTED') && error.args).toEqual({
    host: '127.0.0.1',
    port,
    reason: 'EADDRINUSE',
  });
});

test('a port that cannot exist is an error with its code', async () => {
  const error: unknown = await start({ port: 65_536 }).catch((reason: unknown) => reason);
  expect(standInError.is(error, 'SERVER_NOT_STARTED') && error.args.reason).toBe('ERR_SOCKET_BAD_PORT');
});

test('closes although a client keeps its connection open', async () => {
  const platform = await start();
  const { hostname, port } = new URL(platform.url);
  const socket = connect(Number(port), hostname);
  const closed = new Promise((resolve) => socket.on('close', resolve));
  await new Promise((resolve) => {
    socket.once('data', resolve);
    socket.write(`GET /realms/biotz-platform/protocol/openid-connect/certs HTTP/1.1\r\nHost: x\r\n\r\n`);
  });
  await platform.close();
  await closed;
  await expect(fetch(platform.url)).rejects.toThrow('fetch failed');
});

test('sends no Date header, so that nothing can depend on it', async () => {
  const platform = await start();
  const { id_token: token } = await login(platform);
  const answers = await Promise.all([
    postForm(platform.tokenUrl, loginFields()),
    postForm(platform.tokenUrl, {}),
    fetch(platform.url),
    fetch(`${platform.ingestionUrl}/api/device/publish/data/x`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
    }),
  ]);
  expect(answers.map(({ headers }) => headers.get('date'))).toEqual([null, null, null, null]);
});

test.each([
  ['an urlencoded form', () => new URLSearchParams(loginFields({ password: 'x'.repeat(1_100_000) }))],
  [
    'form-data',
    () => {
      const form = new FormData();
      form.append('password', 'x'.repeat(1_100_000));
      return form;
    },
  ],
])('refuses %s above 1 MiB', async (_name, body) => {
  const { tokenUrl } = await start({ behaviour: 'gateway' });
  const answer = await fetch(tokenUrl, { method: 'POST', body: body() });
  expect(answer.status).toBe(413);
});

test('refuses form-data with more fields than a token request can have', async () => {
  const { tokenUrl } = await start({ behaviour: 'gateway' });
  const form = new FormData();
  for (let n = 0; n < 40; n += 1) form.append(`field${n}`, 'x');
  expect((await fetch(tokenUrl, { method: 'POST', body: form })).status).toBe(413);
});

test('no refusal repeats what was sent', async () => {
  const platform = await start({ behaviour: 'gateway' });
  const secret = 'hunter2-hunter2';
  const form = `grant_type=password&password=${secret}`;
  const post = (body: string, headers: Record<string, string>, path = '') =>
    fetch(`${platform.tokenUrl}${path}`, { method: 'POST', body, headers });
  const { id_token: token } = await login(platform);
  const answers = await Promise.all([
    post(form, { 'content-type': 'multipart/form-data' }),
    post(form, { 'content-type': 'multipart/form-data; boundary=x' }),
    post(form, { 'content-type': 'nonsense' }),
    post(`{${secret}`, { 'content-type': 'application/json' }),
    post(form, { 'content-type': 'application/x-www-form-urlencoded' }, `/%zz${secret}`),
    post(form, { 'content-type': 'application/x-www-form-urlencoded' }, `/${secret}`),
    postForm(platform.tokenUrl, loginFields({ password: secret })),
    postForm(platform.tokenUrl, { ['__proto__']: secret, constructor: secret }),
    fetch(`${platform.ingestionUrl}/api/device/publish/data/x`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: `{"a":${secret}`,
    }),
  ]);
  for (const answer of answers) {
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
    const text = await answer.text();
    expect(text).toContain('{');
    expect(text).not.toContain(secret);
  }
  expect(await sendRaw(platform.url, `${secret}\r\n\r\n`)).not.toContain(secret);
});
