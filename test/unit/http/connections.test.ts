import type { Dispatcher } from 'undici';
import { describe, expect, test } from '@jest/globals';
import { createPrivateKey } from 'node:crypto';
import { createSecureServer } from 'node:http2';
import { createServer as createHttpsServer, type ServerOptions } from 'node:https';
import { createServer } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { type ConnectionOptions, openConnections } from '../../../src/http/connections.js';
import { Exchange } from '../../../src/http/exchange.js';
import { closing, deviceOf, engineFor, listening, sendJson, tls } from '../token/fixture.js';

/** A refusal that can only be had by asking. */
const refusal = { error: 'invalid_grant', error_description: 'Invalid user credentials' };

/** An https endpoint on loopback; says who its clients were. */
async function secureEndpoint(options: ServerOptions = {}): Promise<{ origin: string; clients: string[] }> {
  const clients: string[] = [];
  const server = createHttpsServer({ ...tls, ...options }, (request, response) => {
    clients.push((request.socket as TLSSocket).getPeerCertificate().subject?.CN?.toString() ?? 'nobody');
    sendJson(response, 401, refusal);
  });
  return { origin: `https://127.0.0.1:${await listening(server)}`, clients };
}

async function failureAt(origin: string, connections: ConnectionOptions = {}) {
  const { failure } = await engineFor(`${origin}/token`, { connections }).attempt(deviceOf('x'));
  return [failure?.reason, ...(failure?.detail === undefined ? [] : [failure.detail])];
}

const reached = ['invalid-user-credentials'];

describe('a certificate', () => {
  test('that no authority signed ends the login before anything is sent', async () => {
    const { origin, clients } = await secureEndpoint();
    expect(await failureAt(origin)).toEqual(['certificate-invalid', 'DEPTH_ZERO_SELF_SIGNED_CERT']);
    expect(clients).toEqual([]);
  });

  test('is accepted where its authority is given, among others', async () => {
    const { origin } = await secureEndpoint();
    expect(await failureAt(origin, { ca: [`# ours\n${tls.cert}\n${tls.cert}`] })).toEqual(reached);
  });

  test('is not looked at with insecure', async () => {
    const { origin } = await secureEndpoint();
    expect(await failureAt(origin, { insecure: true })).toEqual(reached);
  });
});

describe('a client certificate', () => {
  const demanding = { requestCert: true, rejectUnauthorized: true, ca: tls.cert };
  const encrypted = createPrivateKey(tls.key)
    .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'open sesame' })
    .toString();

  test('is shown to a server that asks for one', async () => {
    const { origin, clients } = await secureEndpoint(demanding);
    const { cert } = tls;
    for (const clientCertificate of [tls, { cert, key: encrypted, passphrase: 'open sesame' }]) {
      expect(await failureAt(origin, { ca: [cert], clientCertificate })).toEqual(reached);
    }
    expect(clients).toEqual(['localhost', 'localhost']);
  });

  test('that is missing ends the connection', async () => {
    const { origin, clients } = await secureEndpoint(demanding);
    const [reason] = await failureAt(origin, { ca: [tls.cert] });
    expect(['connection-failed', 'connection-reset']).toContain(reason);
    expect(clients).toEqual([]);
  });

  test.each([
    ['a key without its passphrase', { cert: tls.cert, key: encrypted }],
    ['a wrong passphrase', { cert: tls.cert, key: encrypted, passphrase: 'x' }],
    ['no certificate', { cert: 'nonsense', key: tls.key }],
    ['no key', { cert: tls.cert, key: 'nonsense' }],
  ])('with %s is an error, before anything is sent', (_what, clientCertificate) => {
    expect(() => openConnections('https://127.0.0.1:9', { clientCertificate })).toThrow(
      expect.objectContaining({ code: 'CERTIFICATE_UNUSABLE' }),
    );
  });
});

test.each(['', 'nonsense', tls.cert.slice(0, 200), tls.cert.replace(/\n.{20}/, '\nAAAAAAAAAAAAAAAAAAAA')])(
  'an authority that cannot be read is an error, not one authority fewer (%#)',
  (pem) => {
    expect(() => openConnections('https://127.0.0.1:9', { ca: [tls.cert, pem] })).toThrow(
      expect.objectContaining({ code: 'CERTIFICATE_UNUSABLE' }),
    );
  },
);

describe('a connection that is never made', () => {
  const silent = async () => `https://127.0.0.1:${await listening(createServer(() => undefined))}`;

  test('is given up at its own deadline', async () => {
    const startedAt = performance.now();
    expect(await failureAt(await silent(), { connectTimeoutMs: 200, timeoutMs: 20_000 })).toEqual([
      'timeout',
    ]);
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });

  test('is let go of when its login has ended', async () => {
    const sockets = new Set<unknown>();
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.resume().on('close', () => sockets.delete(socket));
    });
    const origin = `https://127.0.0.1:${await listening(server)}`;
    const connections = openConnections(origin, { connectTimeoutMs: 60_000, timeoutMs: 100 });
    const reply = await connections.send({ method: 'GET', path: '/', headers: {} });
    expect(reply).toEqual({ status: undefined, reason: 'timeout' });
    expect(sockets.size).toBe(1);
    const gone = new Promise((resolve) => server.close(resolve));
    await connections.close();
    await gone;
  });
});

test('a login that has waited past its deadline for a connection is not sent any more', async () => {
  let exchange: Exchange | undefined;
  const reply = await new Promise((resolve) => {
    exchange = new Exchange({ timeoutMs: 1, maxAnswerBytes: 1000 }, resolve);
  });
  expect(reply).toEqual({ status: undefined, reason: 'timeout' });
  // What is thrown here keeps undici from writing the request, when a connection is free at last.
  expect(() => exchange?.onRequestStart({} as Dispatcher.DispatchController)).toThrow('timeout');
});

test('no more connections are made than are asked for', async () => {
  let open = 0;
  const server = createHttpsServer(tls, (_request, response) => sendJson(response, 401, refusal));
  server.on('secureConnection', () => (open += 1));
  const tokenUrl = `https://127.0.0.1:${await listening(server)}/token`;
  const engine = engineFor(tokenUrl, { connections: { connections: 8, ca: [tls.cert] } });
  const attempts = await Promise.all(
    Array.from({ length: 100 }, (_, index) => engine.attempt(deviceOf(`user ${index}`))),
  );
  expect(attempts.every(({ failure }) => failure?.reason === 'invalid-user-credentials')).toBe(true);
  expect(open).toBe(8);
});

describe('HTTP/2', () => {
  test('is spoken where it is offered and the server wants it', async () => {
    const versions: string[] = [];
    const server = createSecureServer({ ...tls, allowHTTP1: true }, (request, response) => {
      versions.push(request.httpVersion);
      response.writeHead(401, { 'content-type': 'application/json' });
      response.end(JSON.stringify(refusal));
    });
    const origin = `https://127.0.0.1:${await listening(server)}`;
    for (const http2 of [true, false]) {
      expect(await failureAt(origin, { http2, ca: [tls.cert] })).toEqual(reached);
    }
    expect(versions).toEqual(['2.0', '1.1']);
  });

  test('has the same bounds', async () => {
    const server = createSecureServer(tls, (request, response) => {
      if (request.url === '/big') response.end(Buffer.alloc(5_000_000));
      else if (request.url === '/closed') request.stream.close();
      else response.write(' ');
    });
    const origin = `https://127.0.0.1:${await listening(server)}`;
    const options = { http2: true, ca: [tls.cert], timeoutMs: 1_500 };
    const connections = closing(openConnections(origin, options));
    const send = async (path: string) => {
      const reply = await connections.send({ method: 'POST', path, headers: {}, body: 'x' });
      return reply.status ?? reply.reason;
    };
    expect(await send('/big')).toBe('answer-too-large');
    expect(await send('/closed')).toBe('connection-reset');
    expect(await send('/slow')).toBe('timeout');
  });

  test('a login is sent once though its connection breaks', async () => {
    let logins = 0;
    const server = createSecureServer(tls);
    server.on('stream', (stream) => {
      logins += 1;
      stream.session?.destroy();
    });
    const origin = `https://127.0.0.1:${await listening(server)}`;
    const [reason] = await failureAt(origin, { http2: true, ca: [tls.cert], timeoutMs: 2_000 });
    expect(['connection-reset', 'connection-failed']).toContain(reason);
    expect(logins).toBe(1);
  });
});
