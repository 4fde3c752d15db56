import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';

export interface TokenServer {
  readonly tokenUrl: string;
  readonly origin: string;
  /** The bodies of all requests, in order. */
  readonly bodies: string[];
  readonly cookies: (string | undefined)[];
  close(): Promise<void>;
}

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** An unsigned token that looks like Keycloak's. */
function tokenFor(username: string, claims: object = {}): string {
  const exp = Math.floor(Date.now() / 1000) + 300;
  const payload = { exp, preferred_username: username.toLowerCase(), ...claims };
  return `${encode({ alg: 'none' })}.${encode(payload)}.c2lnbmF0dXJl`;
}

function tokens(username: string, changes: object = {}): object {
  return {
    access_token: 'access',
    refresh_token: 'refresh',
    token_type: 'Bearer',
    id_token: tokenFor(username),
    ...changes,
  };
}

function json(response: ServerResponse, status: number, body: object, headers = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

/** What the server does to a user whose name begins with the key; everybody else gets tokens. */
const behaviours: Readonly<Record<string, (response: ServerResponse, username: string) => void>> = {
  reset: (response) => response.socket?.destroy(),
  halfway: (response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
    response.write('{"id_', () => response.socket?.destroy());
  },
  silent: () => undefined,
  drip: (response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    const timer = setInterval(() => response.write(' '), 20);
    response.on('close', () => clearInterval(timer));
  },
  big: (response) => void response.writeHead(200).end(Buffer.alloc(50_000_000, 32)),
  bomb: (response) =>
    void response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(50_000_000, 32))),
  truncated: (response) =>
    void response.writeHead(200, { 'content-type': 'application/json' }).end('{"id_token": "ey'),
  list: (response) => json(response, 200, []),
  html: (response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Sign in</h1>'),
  wrong: (response) =>
    json(response, 401, { error: 'invalid_grant', error_description: 'Invalid user credentials' }),
  disabled: (response) =>
    json(response, 400, { error: 'invalid_grant', error_description: 'Account disabled' }),
  failing: (response) => void response.writeHead(500).end('oops'),
  busy: (response) => json(response, 429, { error: 'slow_down' }, { 'retry-after': '1' }),
  late: (response) => json(response, 503, {}, { 'retry-after': new Date(Date.now() + 90_000).toUTCString() }),
  twice: (response) => {
    response.setHeader('retry-after', ['2', '3']).setHeader('content-encoding', ['gzip', 'gzip']);
    json(response, 429, {});
  },
  huge: (response) => json(response, 200, {}, { padding: 'x'.repeat(20_000) }),
  zipped: (response, username) =>
    void response
      .writeHead(200, { 'content-encoding': 'gzip' })
      .end(gzipSync(JSON.stringify(tokens(username)))),
  garbled: (response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end('no gzip'),
  hinted: (response, username) => {
    response.writeEarlyHints({ link: '</style.css>; rel=preload' });
    json(response, 200, tokens(username));
  },
  chatty: (response, username) =>
    json(response, 418, { error: 'teapot', error_description: `${username} is short and stout` }),
  moved: (response) => void response.writeHead(307, { location: 'http://127.0.0.1:9/' }).end(),
  foreign: (response) => json(response, 200, tokens('somebody-else')),
  expired: (response, username) =>
    json(response, 200, tokens(username, { id_token: tokenFor(username, { exp: 1 }) })),
  noid: (response, username) => json(response, 200, tokens(username, { id_token: undefined })),
  cookie: (response, username) =>
    json(response, 200, tokens(username), { 'set-cookie': 'session=of-another; Path=/' }),
};

interface TokenServerOptions {
  /** Told how many requests have come, at each. */
  readonly onRequest?: (count: number) => unknown;
  /** For https. */
  readonly tls?: { readonly key: Buffer; readonly cert: Buffer };
}

/** A token endpoint on a free loopback port that misbehaves by the user's name. */
export async function startTokenServer({ onRequest, tls }: TokenServerOptions = {}): Promise<TokenServer> {
  const bodies: string[] = [];
  const cookies: (string | undefined)[] = [];
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString('utf8')));
    request.on('end', () => {
      bodies.push(body);
      onRequest?.(bodies.length);
      cookies.push(request.headers.cookie);
      const username =
        /name="username"\r\n\r\n([^\r]*)/.exec(body)?.[1] ?? new URLSearchParams(body).get('username') ?? '';
      const behave = behaviours[/^[a-z]+/.exec(username)?.[0] ?? ''];
      if (behave) behave(response, username);
      else json(response, 200, tokens(username));
    });
  };
  const server = tls === undefined ? createServer(answer) : createSecureServer(tls, answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    tokenUrl: `${origin}/token`,
    bodies,
    cookies,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
