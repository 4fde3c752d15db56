import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { AddressInfo, Socket } from 'node:net';
import { createServer } from 'node:net';
import { devicesOf, profileOf, runAll, verdicts } from './fleet.js';

const body = '{"error":"x"}';
/** By the user's name, what is written before the connection is closed, and the reason; with `open`, it is not closed. */
const answers: Readonly<Record<string, readonly [answer: string, reason: string]>> = {
  'open-upgrade': [
    'HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n',
    'status-unexpected',
  ],
  upgrade: [
    'HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n',
    'status-unexpected',
  ],
  'open-bare-upgrade': ['HTTP/1.1 101 Switching Protocols\r\n\r\n', 'status-unexpected'],
  'bare-upgrade': ['HTTP/1.1 101 Switching Protocols\r\n\r\n', 'status-unexpected'],
  'upgrade-with-length': [
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: upgrade\r\nContent-Length: 5\r\n\r\nhello`,
    'status-unexpected',
  ],
  'hint-only': ['HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n', 'connection-reset'],
  'continue-only': ['HTTP/1.1 100 Continue\r\n\r\n', 'connection-reset'],
  'open-continue': ['HTTP/1.1 100 Continue\r\n\r\n', 'timeout'],
  nothing: ['', 'connection-reset'],
  'half-status': ['HTTP/1.1 20', 'connection-reset'],
  'half-head': ['HTTP/1.1 200 OK\r\nContent-Type: app', 'connection-reset'],
  'head-only': ['HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n', 'connection-reset'],
  'half-body': ['HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{"a"', 'connection-reset'],
  'open-half-body': ['HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{"a"', 'timeout'],
  'half-chunks': ['HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n', 'connection-reset'],
  'bad-chunk': [
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n',
    'answer-not-json',
  ],
  'two-lengths': ['HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx', 'answer-not-json'],
  'empty-status': ['HTTP/1.1 \r\n\r\n', 'answer-not-json'],
  'no-status': ['\r\n\r\n', 'connection-reset'],
  'far-status': [`HTTP/1.1 999 What\r\nContent-Length: ${body.length}\r\n\r\n${body}`, 'server-error'],
  'low-status': [`HTTP/1.1 042 What\r\nContent-Length: ${body.length}\r\n\r\n${body}`, 'status-unexpected'],
  'other-protocol': ['SSH-2.0-OpenSSH_9.2\r\n', 'answer-not-json'],
  'old-version': [`HTTP/1.0 400 Bad Request\r\n\r\n${body}`, 'status-unexpected'],
  'older-version': [`HTTP/0.9 400 Bad Request\r\n\r\n${body}`, 'status-unexpected'],
  'no-content': ['HTTP/1.1 204 No Content\r\n\r\n', 'status-unexpected'],
  'no-content-with-body': [`HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nhello`, 'answer-not-json'],
  'not-modified': ['HTTP/1.1 304 Not Modified\r\n\r\n', 'redirected'],
  'reset-content': ['HTTP/1.1 205 Reset Content\r\n\r\n', 'status-unexpected'],
  'two-answers': [
    `HTTP/1.1 400 Bad\r\nContent-Length: 2\r\n\r\n{}HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}`,
    'status-unexpected',
  ],
};

const logins: string[] = [];
const sockets = new Set<Socket>();
const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

const server = createServer((socket) => {
  sockets.add(socket);
  socket.on('error', () => socket.destroy());
  let request = '';
  socket.on('data', (chunk: Buffer) => {
    request += chunk.toString('latin1');
    const username = /name="username"\r\n\r\n([^\r]*)/.exec(request)?.[1];
    if (username === undefined || !request.endsWith('--\r\n')) return;
    request = '';
    logins.push(username);
    const [answer] = answers[username] ?? [];
    if (answer !== undefined) {
      socket.write(answer);
      if (!username.startsWith('open')) socket.end();
      return;
    }
    const exp = Math.floor(Date.now() / 1000) + 300;
    const id_token = `${encode({ alg: 'none' })}.${encode({ exp, preferred_username: username })}.c2ln`;
    const tokens = JSON.stringify({ access_token: 'access', token_type: 'Bearer', id_token });
    socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${tokens.length}\r\n\r\n${tokens}`);
  });
});
beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => server.close(resolve));
});

describe('an odd answer', () => {
  test('costs its own device only, with a reason, and one login', async () => {
    const usernames = Object.keys(answers).flatMap((odd, index) =>
      index % 4 === 0 ? [odd, `healthy${index}`] : [odd],
    );
    const profile = profileOf(`http://127.0.0.1:${(server.address() as AddressInfo).port}/token`);
    const results = await runAll(profile, devicesOf(...usernames), {
      profile,
      timeoutRequestMs: 4000,
      concurrency: 8,
    });
    const found = Object.fromEntries(
      usernames.map((username, index) => [username, verdicts(results)[index]]),
    );
    const healthy = usernames.filter((username) => username.startsWith('healthy'));
    expect(healthy.filter((username) => found[username] !== 'passed')).toEqual([]);
    expect(logins.toSorted()).toEqual(usernames.toSorted());
    for (const [odd, [, reason]] of Object.entries(answers)) expect([odd, found[odd]]).toEqual([odd, reason]);
  });
});
