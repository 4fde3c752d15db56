import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createServer } from 'node:net';
import type { Attempt } from '../../../src/result/attempt.js';
import type { TokenServer } from '../newman/token-server.js';
import { startTokenServer } from '../newman/token-server.js';
import { awkward, deviceOf, endpoint, engineFor, listening, sendJson } from './fixture.js';

let server: TokenServer;
beforeAll(async () => {
  server = await startTokenServer();
});
afterAll(() => server.close());

/** What a login of this user comes to. */
function attempt(username: string, tokenUrl = server.tokenUrl, timeoutMs = 20_000): Promise<Attempt> {
  return engineFor(tokenUrl, { connections: { timeoutMs } }).attempt(deviceOf(username));
}

const again = { repeatAfterMs: 1500 };

test.each([
  ['reset', 'closes the connection', undefined, 'connection-reset', again],
  ['halfway', 'closes the connection in the middle of its answer', undefined, 'connection-reset', again],
  ['big', 'answers with 50 MB', undefined, 'answer-too-large', {}],
  ['bomb', 'answers with what unpacks to 50 MB', undefined, 'answer-too-large', {}],
  ['huge', 'answers with a head of 20 KB', undefined, 'answer-too-large', {}],
  ['truncated', 'answers with half of its JSON', 200, 'answer-not-json', {}],
  ['list', 'answers with a list', 200, 'answer-not-json', {}],
  ['html', 'answers with a page', 200, 'answer-not-json', {}],
  ['garbled', 'answers with what it calls gzip', undefined, 'answer-not-json', {}],
  ['wrong', 'refuses the password', 401, 'invalid-user-credentials', {}],
  ['disabled', 'says that the account is disabled', 400, 'account-disabled', {}],
  ['failing', 'has an error of its own', 500, 'server-error', {}],
  ['busy', 'asks for patience', 429, 'rate-limited', { repeatAfterMs: 1500, retryAfterMs: 1000 }],
  ['twice', 'says so twice', 429, 'rate-limited', { repeatAfterMs: 1500, retryAfterMs: 2000 }],
  ['moved', 'redirects', 307, 'redirected', {}],
  ['foreign', "answers with another user's token", 200, 'id-token-of-another-user', {}],
  ['expired', 'answers with an old token', 200, 'id-token-expired', {}],
  ['noid', 'gives no id_token', 200, 'id-token-missing', {}],
])('a server that %s %s: the device fails', async (user, _what, status, reason, more) => {
  const { failure, requests } = await attempt(`${user}-1`);
  expect(failure).toEqual({ reason, request: 'Get token', ...more });
  expect(requests).toHaveLength(1);
  expect(requests[0]?.status).toBe(status);
});

test.each(['zipped', 'hinted', 'cookie', 'ok'])('a server that is %s is none that fails', async (user) => {
  expect((await attempt(`${user}-1`)).failure).toBeUndefined();
});

test.each(['silent', 'drip'])('a server that is %s: the device fails at its deadline', async (user) => {
  const { failure, durationMs } = await attempt(`${user}-1`, server.tokenUrl, 300);
  expect(failure).toEqual({ reason: 'timeout', request: 'Get token', repeatAfterMs: 1500 });
  expect(durationMs).toBeGreaterThan(250);
  expect(durationMs).toBeLessThan(5_000);
});

test('a date in Retry-After is compared with the clock', async () => {
  const { failure } = await attempt('late-1');
  expect(failure?.reason).toBe('server-error');
  expect(failure?.retryAfterMs).toBeGreaterThan(80_000);
  expect(failure?.retryAfterMs).toBeLessThanOrEqual(90_000);
});

test('nothing is sent twice, and nothing where a redirect points to', async () => {
  const other = await startTokenServer();
  const seen: string[] = [];
  const tokenUrl = await endpoint((request, response) => {
    seen.push(request.url ?? '');
    response.writeHead(307, { location: other.tokenUrl }).end();
  });
  expect((await attempt('anybody', tokenUrl)).failure?.reason).toBe('redirected');
  expect(seen).toEqual(['/token']);
  expect(other.bodies).toEqual([]);
  await other.close();
});

test.each(['keep-alive', 'close'])(
  'an answer whose last chunk never comes (%s) was cut',
  async (connection) => {
    const head = `HTTP/1.1 200 OK\r\nconnection: ${connection}\r\ntransfer-encoding: chunked\r\n\r\n`;
    const port = await listening(
      createServer((socket) => socket.once('data', () => socket.end(`${head}2\r\n{}\r\n`))),
    );
    const { failure } = await attempt('x', `http://127.0.0.1:${port}/`);
    expect(failure?.reason).toBe('connection-reset');
  },
);

/** What a login comes to if a server answers it with these pieces, one after the other. */
async function answeredBy(pieces: readonly string[]): Promise<Attempt> {
  const port = await listening(
    createServer((socket) => {
      const write = ([piece, ...rest]: readonly string[]): void => {
        if (piece === undefined) return;
        socket.write(piece, 'latin1', () => setImmediate(write, rest));
      };
      socket.setNoDelay(true).once('data', () => write(pieces));
    }),
  );
  return attempt('x', `http://127.0.0.1:${port}/`);
}

const busy = 'HTTP/1.1 429 Busy\r\ncontent-length: 2\r\n\r\n{}';

describe('interim answers', () => {
  test('are skipped however they are cut', async () => {
    const whole = `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n${busy}`;
    expect((await answeredBy(whole.split(''))).failure?.reason).toBe('rate-limited');
    expect((await answeredBy([whole])).failure?.reason).toBe('rate-limited');
  });

  test('are not looked for in a body', async () => {
    const body = '{"error":"HTTP/1.1 100 Continue\\r\\n"}';
    const head = `HTTP/1.1 200 OK\r\ncontent-length: ${body.length + 25}\r\n\r\n`;
    const { failure } = await answeredBy([head, 'HTTP/1.1 100 Continue\r\n\r\n', body]);
    expect(failure?.reason).toBe('answer-not-json');
  });

  test.each(['upgrade: websocket\r\nconnection: upgrade\r\n', ''])(
    'with status 101 end the login: %j',
    async (headers) => {
      const { failure } = await answeredBy([`HTTP/1.1 101 Switching Protocols\r\n${headers}\r\n`, busy]);
      expect(failure).toEqual({ reason: 'status-unexpected', request: 'Get token', detail: 'HTTP 101' });
    },
  );
});

describe("a server's words", () => {
  test('are told where nothing else explains the answer', async () => {
    const { failure } = await attempt('chatty-1');
    expect(failure).toEqual({
      reason: 'status-unexpected',
      request: 'Get token',
      detail: 'slow_down: The server is busy',
    });
  });

  test('are only counted unless they are plain prose', async () => {
    const tokenUrl = await endpoint((_request, response) =>
      sendJson(response, 400, { error: 'odd', error_description: `${awkward} ${'x'.repeat(5_000)}` }),
    );
    const detail = (await attempt('x', tokenUrl)).failure?.detail;
    expect(detail).toBe(`[not shown, length 3]: [not shown, length ${awkward.length + 5_001}]`);
  });
});

describe('no server', () => {
  test('at the port: the login may be repeated at once', async () => {
    const refused = await startTokenServer();
    await refused.close();
    const { failure, requests } = await attempt('x', refused.tokenUrl);
    expect(failure).toEqual({ reason: 'connection-refused', request: 'Get token', repeatAfterMs: 0 });
    expect(requests[0]).not.toHaveProperty('status');
  });

  test('but something that does not speak HTTP', async () => {
    const port = await listening(createServer((socket) => socket.end('SSH-2.0-OpenSSH_9.6\r\n')));
    const { failure } = await attempt('x', `http://127.0.0.1:${port}/`);
    expect(failure?.reason).toBe('answer-not-json');
    expect(failure?.detail).toBe('not valid HTTP');
  });

  test('but one that speaks TLS, or one that does not where it should', async () => {
    const secure = await attempt('x', server.tokenUrl.replace('http:', 'https:'));
    expect(secure.failure?.reason).toBe('connection-failed');
    expect(secure.failure?.detail).toMatch(/SSL|EPROTO/);
  });

  test('at an invalid address', async () => {
    expect((await attempt('x', 'nonsense')).failure).toEqual({ reason: 'url-invalid', request: 'Get token' });
  });

  test('beyond this machine without TLS: nothing is sent', async () => {
    const { failure } = await attempt('x', 'http://auth.example.test/token');
    expect(failure).toEqual({ reason: 'url-insecure', request: 'Get token' });
  });
});

test('after each fault the next device goes on', async () => {
  const engine = engineFor(server.tokenUrl, { connections: { timeoutMs: 2_000, connections: 4 } });
  const users = [
    'reset',
    'ok',
    'halfway',
    'ok',
    'silent',
    'ok',
    'big',
    'ok',
    'huge',
    'ok',
    'drip',
    'ok',
    'ok',
  ];
  const attempts = await Promise.all(
    users.map((user, index) => engine.attempt(deviceOf(`${user}-${index}`))),
  );
  const passed = attempts.filter(({ failure }) => failure === undefined);
  expect(passed).toHaveLength(7);
});

test('closing ends what is in flight, and what comes later', async () => {
  const engine = engineFor(server.tokenUrl);
  const inFlight = engine.attempt(deviceOf('silent-1'));
  await engine.attempt(deviceOf('ok-1'));
  await engine.close();
  expect((await inFlight).failure?.reason).toBe('connection-failed');
  expect((await engine.attempt(deviceOf('ok-2'))).failure?.reason).toBe('connection-failed');
});
