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
  /** Whom they were for. */
  readonly usernames: string[];
  /** When they came, in milliseconds since 1970. */
  readonly times: number[];
  readonly cookies: (string | undefined)[];
  /** How many messages came, below any path but /token. */
  readonly published: number;
  /** Resolves when so many logins have come. */
  reached(count: number): Promise<void>;
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

/**
 * What the server does to a user whose name begins with the key; other users get tokens. Where the name
 * begins with `once-` and then the key, it does so to the first request only.
 */
const behaviours: Readonly<
  Record<string, (response: ServerResponse, username: string, password: string) => void>
> = {
  // Servers that say back what they were sent.
  echo: (response, _username, password) =>
    json(response, 400, {
      error: 'x',
      error_description: `not ${password} nor ${encodeURIComponent(password)}`,
    }),
  echohtml: (response, _username, password) =>
    void response
      .writeHead(500, { 'content-type': 'text/html' })
      .end(`<p>${password.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</p>`),
  echobasic: (response, _username, password) =>
    json(response, 401, {
      error: password,
      error_description: `Basic ${Buffer.from(`u:${password}`).toString('base64')}`,
    }),
  echotokens: (response, username, password) =>
    json(response, 200, tokens(username, { token_type: password, id_token: tokenFor(password) })),
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
  unavailable: (response) => json(response, 503, { error: 'unavailable' }, { 'retry-after': '1' }),
  /** A script that looks for this header can end its thread. */
  kill: (response, username) => json(response, 200, tokens(username), { 'x-kill': '1' }),
  late: (response) => json(response, 503, {}, { 'retry-after': new Date(Date.now() + 90_000).toUTCString() }),
  twice: (response) => {
    response.setHeader('retry-after', ['2', '3']).setHeader('content-encoding', ['identity', 'identity']);
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
  chatty: (response) => json(response, 418, { error: 'slow_down', error_description: 'The server is busy' }),
  moved: (response) => void response.writeHead(307, { location: 'http://127.0.0.1:9/' }).end(),
  foreign: (response) => json(response, 200, tokens('somebody-else')),
  expired: (response, username) =>
    json(response, 200, tokens(username, { id_token: tokenFor(username, { exp: 1 }) })),
  noid: (response, username) => json(response, 200, tokens(username, { id_token: undefined })),
  /** Tokens without a shape of their own, in places where only their names tell what they are. */
  opaque: (response, username) =>
    json(
      response,
      200,
      tokens(username, {
        accessToken: `${OPAQUE}-1`,
        data: { session: { value: `${OPAQUE}-2` }, 'refresh-token': `${OPAQUE}-3` },
        body: `{"IdToken":"${OPAQUE}-4"}`,
      }),
      { 'x-auth-token': `${OPAQUE}-5`, 'set-cookie': `sid=${OPAQUE}-6; Path=/` },
    ),
  opaqueform: (response) => void response.writeHead(200).end(`access_token=${OPAQUE}-7&token_type=Bearer`),
  opaquexml: (response) => void response.writeHead(200).end(`<r><AccessToken>${OPAQUE}-8</AccessToken></r>`),
  cookie: (response, username) =>
    json(response, 200, tokens(username), { 'set-cookie': 'session=of-another; Path=/' }),
};

/** In every opaque token; nothing else has it. */
export const OPAQUE = 'Op4queCanaryK8';

interface TokenServerOptions {
  /** Told how many requests have come, at each. */
  readonly onRequest?: (count: number) => unknown;
  /** For https. */
  readonly tls?: { readonly key: Buffer; readonly cert: Buffer };
}

/** A token endpoint on a free loopback port that misbehaves by the user's name. */
export async function startTokenServer({ onRequest, tls }: TokenServerOptions = {}): Promise<TokenServer> {
  const bodies: string[] = [];
  const usernames: string[] = [];
  const seen = new Set<string>();
  const times: number[] = [];
  const waiting = new Map<number, () => void>();
  let published = 0;
  const cookies: (string | undefined)[] = [];
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString('utf8')));
    request.on('end', () => {
      bodies.push(body);
      onRequest?.(bodies.length);
      if (request.url !== '/token') {
        published++;
        if (request.url?.startsWith('/reset') === true) response.socket?.destroy();
        else json(response, 200, { 'success?': true, details: {} });
        return;
      }
      times.push(Date.now());
      cookies.push(request.headers.cookie);
      const username =
        /name="username"\r\n\r\n([^\r]*)/.exec(body)?.[1] ?? new URLSearchParams(body).get('username') ?? '';
      usernames.push(username);
      for (const [count, resolve] of waiting) if (usernames.length >= count) resolve();
      const [, once, behaviour = ''] = /^(once-)?([a-z]*)/.exec(username) ?? [];
      const isOver = once !== undefined && seen.has(username);
      seen.add(username);
      const behave = isOver ? undefined : behaviours[behaviour];
      const password =
        /name="password"\r\n\r\n([^]*?)\r\n--/.exec(body)?.[1] ??
        new URLSearchParams(body).get('password') ??
        '';
      if (behave) behave(response, username, password);
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
    usernames,
    times,
    cookies,
    get published() {
      return published;
    },
    reached: (count) => new Promise((resolve) => waiting.set(count, resolve)),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
