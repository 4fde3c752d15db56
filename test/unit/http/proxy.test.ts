import { describe, expect, test } from '@jest/globals';
import { createServer } from 'node:https';
import { type ConnectionOptions, openConnections } from '../../../src/http/connections.js';
import { proxyFor } from '../../../src/http/proxy.js';
import { deviceOf, endpoint, engineFor, listening, sendJson, tls } from '../token/fixture.js';
import { startProxy } from './proxy-server.js';

/** An https server that refuses every login; only a proxy finds it under the name that is asked for. */
async function hidden(): Promise<{ port: number; hosts: string[] }> {
  const hosts: string[] = [];
  const server = createServer(tls, (request, response) => {
    hosts.push(request.headers.host ?? '');
    sendJson(response, 401, { error: 'invalid_grant' });
  });
  return { port: await listening(server), hosts };
}

async function attempt(tokenUrl: string, httpsProxy: string, more: ConnectionOptions = {}) {
  const proxy = { httpsProxy };
  const engine = engineFor(tokenUrl, { connections: { insecure: true, timeoutMs: 20_000, ...more, proxy } });
  const { failure } = await engine.attempt(deviceOf('x'));
  return failure;
}

const elsewhere = 'https://auth.example.test/token';

test.each([
  ['a name', elsewhere, 'auth.example.test:443'],
  ['a name with a port', 'https://auth.example.test:8443/token', 'auth.example.test:8443'],
  ['an IPv6 address', 'https://[2001:db8::1]/token', '[2001:db8::1]:443'],
])('https to %s goes through the tunnel of a proxy', async (_what, tokenUrl, authority) => {
  const { port, hosts } = await hidden();
  const proxy = await startProxy({ port });
  expect((await attempt(tokenUrl, proxy.url))?.reason).toBe('invalid-user-credentials');
  expect(proxy.seen).toEqual([`CONNECT ${authority}`]);
  expect(hosts).toEqual([new URL(tokenUrl).host]);
});

test("the server's certificate is looked at through a tunnel too", async () => {
  const proxy = await startProxy(await hidden());
  const failure = await attempt(elsewhere, proxy.url, { insecure: false, ca: [tls.cert] });
  expect(failure).toMatchObject({ reason: 'certificate-invalid', detail: 'ERR_TLS_CERT_ALTNAME_INVALID' });
});

test('a proxy that is reached by https shows its own certificate', async () => {
  const proxy = await startProxy({ ...(await hidden()), secure: true });
  expect((await attempt(elsewhere, proxy.url))?.reason).toBe('invalid-user-credentials');
  // Trusted, as the proxy; but it is not auth.example.test.
  const through = await attempt(elsewhere, proxy.url, { insecure: false, ca: [tls.cert] });
  expect(through?.detail).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
  expect(proxy.seen).toHaveLength(2);
  const untrusted = await attempt(elsewhere, proxy.url, { insecure: false });
  expect(untrusted).toMatchObject({ reason: 'proxy-failed', detail: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
  expect(proxy.seen).toHaveLength(2);
});

test('a proxy is given the name and password of its address', async () => {
  const proxy = await startProxy(await hidden());
  await attempt(elsewhere, proxy.url.replace('//', '//me:p%40ss%@'));
  const credentials = Buffer.from('me:p%40ss%').toString('base64');
  expect(proxy.seen).toEqual([`CONNECT auth.example.test:443 Basic ${credentials}`]);
});

describe('a proxy that makes no connection', () => {
  test.each([
    ['refuses to', 403, 'HTTP 403', {}],
    ['wants a password', 407, 'HTTP 407', {}],
    ['cannot', 502, 'HTTP 502', { repeatAfterMs: 0 }],
    ['hangs up', 'hang up', 'ECONNRESET', { repeatAfterMs: 0 }],
  ] as const)(
    'because it %s: the device fails, and is asked for once',
    async (_what, answer, detail, more) => {
      const proxy = await startProxy({ ...(await hidden()), answer });
      expect(await attempt(elsewhere, proxy.url)).toEqual({
        reason: 'proxy-failed',
        request: 'Get token',
        detail,
        ...more,
      });
      expect(proxy.seen).toHaveLength(1);
    },
  );

  test('because it does not answer', async () => {
    const failure = await attempt(elsewhere, 'http://127.0.0.1:1');
    expect(failure).toMatchObject({ reason: 'proxy-failed', detail: 'ECONNREFUSED' });
  });

  test('in time is given up', async () => {
    const proxy = await startProxy({ ...(await hidden()), answer: 'nothing' });
    expect((await attempt(elsewhere, proxy.url, { connectTimeoutMs: 200 }))?.reason).toBe('timeout');
    expect((await attempt(elsewhere, proxy.url, { timeoutMs: 200 }))?.reason).toBe('timeout');
  });

  test('leaves nothing behind when its connections are closed', async () => {
    const proxy = await startProxy({ ...(await hidden()), answer: 'nothing' });
    const connections = openConnections(elsewhere, { proxy: { httpsProxy: proxy.url } });
    const reply = connections.send({ method: 'GET', path: '/', headers: {} });
    while (proxy.seen.length === 0) await new Promise((resolve) => setImmediate(resolve));
    await connections.close();
    expect((await reply).status).toBeUndefined();
  });
});

test('a proxy never sees what is meant for this machine, nor what is sent in plain text', async () => {
  const proxy = await startProxy(await hidden());
  const tokenUrl = await endpoint((_request, response) =>
    sendJson(response, 401, { error: 'invalid_grant' }),
  );
  expect((await attempt(tokenUrl, proxy.url))?.reason).toBe('invalid-user-credentials');
  const { port } = await hidden();
  for (const host of ['127.0.0.1', 'localhost']) {
    expect((await attempt(`https://${host}:${port}/token`, proxy.url))?.reason).toBe(
      'invalid-user-credentials',
    );
  }
  expect(proxyFor(new URL('http://auth.example.test/'), { httpsProxy: proxy.url })).toBeUndefined();
  expect(proxy.seen).toEqual([]);
});

test.each([
  ['', true],
  ['*', false],
  ['example.test', false],
  ['.example.test', false],
  ['*.example.test', false],
  ['auth.example.test', false],
  ['AUTH.EXAMPLE.TEST', false],
  ['other.test, auth.example.test', false],
  ['other.test auth.example.test:443', false],
  ['auth.example.test:8443', true],
  ['uth.example.test', true],
  ['example.tes', true],
  ['.', true],
])('with NO_PROXY=%j the proxy is used: %p', (noProxy, isUsed) => {
  const proxy = proxyFor(new URL(elsewhere), { httpsProxy: 'proxy.example.test:3128', noProxy });
  expect(proxy?.href).toBe(isUsed ? 'http://proxy.example.test:3128/' : undefined);
});

test.each(['socks5://127.0.0.1:1080', 'http://', '://'])('%s is no proxy', (httpsProxy) => {
  expect(() => openConnections(elsewhere, { proxy: { httpsProxy } })).toThrow(
    expect.objectContaining({ code: 'OPTION_INVALID' }),
  );
  // It does not matter where it is not needed.
  expect(proxyFor(new URL('https://127.0.0.1/'), { httpsProxy })).toBeUndefined();
});
