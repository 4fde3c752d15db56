import { describe, expect, test } from '@jest/globals';
import { createServer } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import { checkTls } from '../../../src/doctor/check-tls.js';
import type { Route } from '../../../src/doctor/dial.js';
import { secureContextOf } from '../../../src/http/certificates.js';
import { listening } from '../token/fixture.js';
import { startProxy } from '../http/proxy-server.js';
import { atTheEnd, authority, secureServer, told } from './fixture.js';

const check = (
  target: URL,
  { ca = [authority], now = Date.now(), ...route }: Partial<Route> & { ca?: string[]; now?: number } = {},
) =>
  checkTls(
    {
      target,
      proxy: undefined,
      proxyContext: secureContextOf([]),
      insecure: false,
      timeoutMs: 5000,
      ...route,
    },
    { secureContext: secureContextOf(ca), http2: false, now },
  );

test('a good certificate is reported with its protocol, its names and its remaining days', async () => {
  const [found] = await check(await secureServer('good'), { now: Date.parse('2125-08-23T12:00:00Z') });
  expect(found).toMatchObject({
    status: 'pass',
    code: 'certificate-good',
    args: { daysLeft: 99, protocol: 'TLSv1.3' },
    evidence: {
      subject: 'CN=localhost',
      issuer: 'CN=Test authority',
      names: 'DNS:localhost, IP Address:127.0.0.1',
      validTo: '2125-12-01T00:00:00.000Z',
      chain: ['CN=Test authority'],
    },
  });
});

test('an old protocol that is still accepted is reported', async () => {
  const server = await secureServer('good', undefined, { maxVersion: 'TLSv1.2' });
  expect(await check(server)).toMatchObject([{ status: 'pass', args: { protocol: 'TLSv1.2' } }]);
});

test('a certificate that expires soon is a warning', async () => {
  const [found] = await check(await secureServer('good'), { now: atTheEnd });
  expect(found).toMatchObject({ status: 'warning', code: 'certificate-expires-soon', args: { daysLeft: 5 } });
});

describe('a certificate is not accepted', () => {
  test.each([
    ['that has expired', 'expired', [authority], ['certificate-expired']],
    ['that begins later', 'early', [authority], ['certificate-not-yet-valid']],
    ['of another host', 'other-host', [authority], ['certificate-of-another-host']],
    ['that no authority signed', 'certificate', [], ['certificate-untrusted']],
    ['of an unknown authority', 'good', [], ['certificate-untrusted']],
    ['with several faults', 'other-host', [], ['certificate-of-another-host', 'certificate-untrusted']],
  ] as const)('%s', async (_what, certificate, ca, codes) => {
    const server = await secureServer(certificate);
    expect(told(await check(server, { ca: [...ca] }))).toEqual(codes.map((code) => `tls failure ${code}`));
    // With --insecure logins go on; the fault stays one.
    const insecurely = await check(server, { ca: [...ca], insecure: true });
    expect(told(insecurely)).toEqual(codes.map((code) => `tls warning ${code}`));
  });

  test('by its own code', async () => {
    const found = await check(await secureServer('certificate'), { ca: [] });
    expect(found).toMatchObject([{ args: { problem: 'DEPTH_ZERO_SELF_SIGNED_CERT' } }]);
  });
});

describe('no TLS', () => {
  test('at a port of plain http', async () => {
    const port = await listening(createServer());
    const [found] = await check(new URL(`https://127.0.0.1:${port}`));
    expect(found).toMatchObject({ status: 'failure', code: 'tls-failed' });
  });

  test('with a server that hangs up', async () => {
    const port = await listening(createTcpServer((socket) => socket.destroy()));
    expect(told(await check(new URL(`https://127.0.0.1:${port}`)))).toEqual(['tls failure tls-failed']);
  });

  test('with a silent server', async () => {
    const port = await listening(createTcpServer());
    const found = await check(new URL(`https://127.0.0.1:${port}`), { timeoutMs: 100 });
    expect(told(found)).toEqual(['tls failure timeout']);
  });

  test('is fine on this machine, and a warning beyond it', async () => {
    expect(told(await check(new URL('http://127.0.0.1:9')))).toEqual(['tls skipped tls-absent']);
    expect(told(await check(new URL('http://auth.example.org')))).toEqual(['tls warning tls-absent']);
  });
});

describe('through a proxy', () => {
  // Wherever a tunnel is to go, the proxy leads it to loopback.
  const target = new URL('https://auth.example.org/');

  test('the certificate of the server is checked, not that of the proxy', async () => {
    const { port } = await secureServer('other-host');
    const { url, seen } = await startProxy({ port: Number(port) });
    expect(told(await check(target, { proxy: new URL(url) }))).toEqual(['tls pass certificate-good']);
    expect(seen).toEqual(['CONNECT auth.example.org:443']);
  });

  test.each([403, 'hang up'] as const)('that answers %s, the server cannot be reached', async (answer) => {
    const { url } = await startProxy({ port: 9, answer });
    expect(told(await check(target, { proxy: new URL(url) }))).toEqual(['tls failure proxy-failed']);
  });
});
