import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, createServer as createSocketServer } from 'node:net';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { openConnections } from '../../../src/http/connections.js';
import { Secret } from '../../../src/secret/secret.js';
import { publishMessage } from '../../../src/token/publish.js';
import { publishRows } from '../../unit/platform/publish-answer-rows.js';
import { closing, deviceOf, engineFor, listening } from '../../unit/token/fixture.js';
import { devicesOf, profileOf, runAll, verdicts } from './fleet.js';

const claims = { exp: Math.floor(Date.now() / 1000) + 300 };
const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
/** A good answer; the note is text that every charset writes in its own way. */
const good = JSON.stringify({
  access_token: 'access',
  token_type: 'Bearer',
  id_token: `${part({ alg: 'none' })}.${part(claims)}.c2ln`,
  note: 'é',
});
const refused = JSON.stringify({ error: 'invalid_grant', error_description: 'Invalid user credentials' });

const utf8 = (text: string) => Buffer.from(text);
const utf16 = (text: string) => Buffer.from(text, 'utf16le');
const bigEndian = (text: string) => utf16(text).swap16();
const gz = gzipSync;
const join = (...parts: readonly (Buffer | string)[]) =>
  Buffer.concat(parts.map((each) => Buffer.from(each)));

/** A gzip body whose checksum is that of another one. */
function damaged(): Buffer {
  const body = gz(good);
  body.writeUInt32LE(1, body.length - 8);
  return body;
}

const coded = (coding: string | string[]) => ({ 'content-encoding': coding });
const charset = (name: string) => ({ 'content-type': `application/json; charset=${name}` });

/** What a server sends, and what both lanes must make of it. */
type Row = readonly [
  what: string,
  headers: Readonly<Record<string, string | string[]>>,
  body: Buffer,
  verdict: string,
  status?: number,
];

const notJson = 'answer-not-json';
const rows: readonly Row[] = [
  ['a byte order mark', {}, utf8(`\ufeff${good}`), 'passed'],
  ['a refusal after a byte order mark', {}, utf8(`\ufeff${refused}`), 'invalid-user-credentials', 401],
  ['nothing but a byte order mark', {}, utf8('\ufeff'), notJson],
  ['no content type', { 'content-type': '' }, utf8(good), 'passed'],
  ['bytes that are not UTF-8', {}, Buffer.from(good, 'latin1'), 'passed'],
  ['UTF-16', charset('utf-16'), utf16(`\ufeff${good}`), 'passed'],
  ['big-endian UTF-16', charset('UTF-16'), bigEndian(`\ufeff${good}`), 'passed'],
  ['UTF-16 without a mark', charset('utf-16'), utf16(good), 'passed'],
  ['big-endian UTF-16 without a mark', charset('utf16'), bigEndian(good), 'passed'],
  ['UTF-16LE', charset('utf-16le'), utf16(good), 'passed'],
  ['UTF-16BE', charset('utf-16be'), bigEndian(good), 'passed'],
  ['UTF-16 that is not declared', {}, utf16(`\ufeff${good}`), notJson],
  ['UTF-8 declared as UTF-16', charset('utf-16'), utf8(good), notJson],
  ['Latin-1', charset('"ISO-8859-1"'), Buffer.from(good, 'latin1'), 'passed'],
  ['a charset that does not exist', charset('klingon'), utf8(good), 'passed'],
  ['gzip', coded('gzip'), gz(good), 'passed'],
  ['gzip in capitals', coded('GZIP'), gz(good), 'passed'],
  ['x-gzip', coded('x-gzip'), gz(good), 'passed'],
  ['a packed refusal', coded('x-gzip'), gz(refused), 'invalid-user-credentials', 401],
  ['deflate', coded('deflate'), deflateSync(good), 'passed'],
  ['deflate without its header', coded('deflate'), deflateRawSync(good), 'passed'],
  ['br', coded('br'), brotliCompressSync(good), 'passed'],
  ['identity', coded('identity'), utf8(good), 'passed'],
  ['an unknown coding on plain text', coded('zstd'), utf8(good), 'passed'],
  ['an unknown coding', coded('zstd'), Buffer.from('28b52ffd', 'hex'), notJson],
  ['two codings', coded('deflate, gzip'), gz(deflateSync(good)), 'passed'],
  ['two codings in two headers', coded(['gzip', 'gzip']), gz(gz(good)), 'passed'],
  ['two codings in the wrong order', coded('gzip, deflate'), gz(deflateSync(good)), notJson],
  ['more codings than are undone', coded(Array(6).fill('gzip')), gz(gz(gz(gz(gz(gz(good)))))), notJson],
  ['nothing as gzip', coded('gzip'), Buffer.alloc(0), notJson],
  ['nothing as deflate', coded('deflate'), Buffer.alloc(0), notJson],
  ['nothing as br', coded('br'), Buffer.alloc(0), notJson],
  ['nothing as br, which has no body', coded('br'), Buffer.alloc(0), 'status-unexpected', 204],
  ['a refusal without a body', coded('gzip'), Buffer.alloc(0), 'status-unexpected', 401],
  ['plain text as gzip', coded('gzip'), utf8(good), notJson],
  ['plain text as x-gzip', coded('x-gzip'), utf8(good), notJson],
  ['plain text as deflate', coded('deflate'), utf8(good), notJson],
  ['plain text as br', coded('br'), utf8(good), notJson],
  ['an unreadable refusal', coded('gzip'), utf8(refused), notJson, 401],
  ['gzip without its end', coded('gzip'), gz(good).subarray(0, -4), 'passed'],
  ['gzip that was cut', coded('gzip'), gz(good).subarray(0, -40), notJson],
  ['br that was cut', coded('br'), brotliCompressSync(good).subarray(0, -4), notJson],
  ['gzip with another checksum', coded('gzip'), damaged(), notJson],
  ['gzip and more', coded('gzip'), join(gz(good), 'more'), notJson],
  ['gzip and zeros', coded('gzip'), join(gz(good), Buffer.alloc(8)), 'passed'],
  ['gzip in two members', coded('gzip'), join(gz(good.slice(0, 9)), gz(good.slice(9))), 'passed'],
  ['deflate and more', coded('deflate'), join(deflateSync(good), 'more'), 'passed'],
  ['x-gzip of 50 MB', coded('x-gzip'), gz(Buffer.alloc(50_000_000, 32)), 'answer-too-large'],
];

let server: Server;
let tokenUrl: string;
beforeAll(async () => {
  server = createServer((request, response) => {
    let sent = '';
    request.setEncoding('utf8').on('data', (text: string) => (sent += text));
    request.on('end', () => {
      const [, published] = /"row":"device (\d+)"/.exec(sent) ?? [];
      if (published !== undefined) {
        const [, status = 500, body] = publishRows[Number(published)] ?? [];
        return response.writeHead(status).end(body);
      }
      const row = rows[Number(/row-(\d+)/.exec(sent)?.[1])];
      if (row === undefined) return response.end(good);
      const [, headers, body, , status = 200] = row;
      return response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  tokenUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

test('run and token make the same of a body, however it is packed and written', async () => {
  const users = rows.map((_, index) => `row-${index}`);
  const engine = engineFor(tokenUrl);
  const attempts = await Promise.all(users.map((user) => engine.attempt(deviceOf(user))));
  const byToken = attempts.map(({ failure }) => failure?.reason ?? 'passed');
  const byRun = verdicts(await runAll({ tokenUrl }, devicesOf(...users)));
  const [wanted, token, run] = [rows.map(([, , , verdict]) => verdict), byToken, byRun].map((verdicts) =>
    verdicts.map((verdict, index) => `${rows[index]?.[0]}: ${verdict}`),
  );
  expect({ token, run }).toEqual({ token: wanted, run: wanted });
});

test('run and token make the same of what the ingestion endpoint says', async () => {
  const { origin } = new URL(tokenUrl);
  const connections = closing(openConnections(origin));
  const byToken = await Promise.all(
    publishRows.map(async (_, index) => {
      const message = { messageType: 'climate', payload: `{"row":"device ${index}"}` };
      const { reason } = await publishMessage(connections, origin, message, new Secret('token'));
      return reason ?? 'accepted';
    }),
  );
  const profile = { ...profileOf(tokenUrl), ingestionUrl: origin };
  const publish = { messageType: 'climate', payload: '{"row":"{{device_name}}"}' };
  const users = publishRows.map((_, index) => `user-${index}`);
  const byRun = verdicts(await runAll({ tokenUrl }, devicesOf(...users), { profile, publish })).map(
    (verdict) => (verdict === 'passed' ? 'accepted' : verdict),
  );
  const wanted = publishRows.map(([what, , , meaning]) => `${what}: ${meaning}`);
  const named = (reasons: readonly string[]) =>
    reasons.map((reason, at) => `${publishRows[at]?.[0]}: ${reason}`);
  expect({ token: named(byToken), run: named(byRun) }).toEqual({ token: wanted, run: wanted });
});

const hints = 'HTTP/1.1 103 Early Hints\r\nlink: </style.css>; rel=preload\r\n\r\n';
const interims: readonly (readonly [what: string, heads: readonly string[]])[] = [
  ['100', ['HTTP/1.1 100 Continue\r\n\r\n']],
  ['102', ['HTTP/1.1 102 Processing\r\n\r\n']],
  ['103', [hints]],
  ['100 with a header', ['HTTP/1.1 100 Continue\r\nserver: odd\r\n\r\n']],
  ['several', ['HTTP/1.1 100 Continue\r\n\r\n', hints, 'HTTP/1.1 100 Continue\r\n\r\n']],
];

/** A server that writes bytes for each login, by the number in the user's name, and leaves the connection open. */
async function answeringWith(answers: readonly string[]) {
  const logins: string[] = [];
  const port = await listening(
    createSocketServer((socket) => {
      let sent = '';
      socket.setEncoding('latin1').on('data', (text: string) => {
        sent += text;
        const [, index] = /row-(\d+)[^]*password[^]*$/.exec(sent) ?? [];
        if (index === undefined) return;
        sent = '';
        logins.push(index);
        socket.write(answers[Number(index)] ?? '');
      });
    }),
  );
  return { tokenUrl: `http://127.0.0.1:${port}/token`, logins };
}

/** Reason and detail of each user's login in both lanes. */
async function byBothLanes(tokenUrl: string, users: readonly string[]) {
  const engine = engineFor(tokenUrl, { connections: { timeoutMs: 20_000, connections: 1 } });
  const attempts = await Promise.all(users.map((user) => engine.attempt(deviceOf(user, 'plain'))));
  const token = attempts.map(({ failure, requests }) =>
    failure === undefined ? ['passed'] : [failure.reason, failure.detail, requests[0]?.status],
  );
  const results = await runAll({ tokenUrl }, devicesOf(...users), { retries: 1 });
  const run = results.map((result) =>
    result.status === 'passed' ? ['passed'] : [result.reason, result.detail, result.requests[0]?.status],
  );
  return { token, run };
}

test('run and token skip interim answers, and log in once', async () => {
  const final = `HTTP/1.1 200 OK\r\ncontent-length: ${Buffer.byteLength(good)}\r\n\r\n${good}`;
  const { tokenUrl: odd, logins } = await answeringWith(
    interims.map(([, heads]) => [...heads, final].join('')),
  );
  const passed = interims.map(() => ['passed']);
  const users = interims.map((_, index) => `row-${index}`);
  expect(await byBothLanes(odd, users)).toEqual({ token: passed, run: passed });
  expect(logins).toHaveLength(2 * users.length);
});

const ok = 'HTTP/1.1 200 OK\r\n';
const malformed = ['answer-not-json', 'not valid HTTP', undefined] as const;
const switched = ['status-unexpected', 'HTTP 101', undefined] as const;
const odd: readonly (readonly [
  what: string,
  answer: string,
  verdict: readonly [reason: string, detail: string | undefined, status: number | undefined],
])[] = [
  [
    '101 to another protocol',
    'HTTP/1.1 101 X\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n',
    switched,
  ],
  ['101 to none', 'HTTP/1.1 101 Switching Protocols\r\n\r\n', switched],
  ['101 and then an answer', `HTTP/1.1 101 X\r\n\r\n${ok}content-length: 2\r\n\r\n{}`, switched],
  ['101 after a hint', `${hints}HTTP/1.1 101 X\r\nconnection: upgrade\r\nupgrade: h2c\r\n\r\n`, switched],
  ['another protocol', 'SSH-2.0-OpenSSH_9.6\r\n', malformed],
  ['HTTP/2', '\0\0\x12\x04\0\0\0\0\0\0\x03\0\0\0\x80', malformed],
  ['a page without a head', '<html>Sign in</html>', malformed],
  ['a status line without a status', 'HTTP/1.1 \r\n\r\n', malformed],
  ['a status that is no number', 'HTTP/1.1 2x0 OK\r\n\r\n', malformed],
  ['a header without a colon', `${ok}nonsense\r\n\r\n`, malformed],
  ['a header name with a space', `${ok}bad name: x\r\n\r\n`, malformed],
  ['a control character in a header', `${ok}x: a\0b\r\n\r\n`, malformed],
  ['a length that is no number', `${ok}content-length: two\r\n\r\n{}`, malformed],
  ['two lengths', `${ok}content-length: 1\r\ncontent-length: 2\r\n\r\n{}`, malformed],
  ['a chunk without a size', `${ok}transfer-encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n`, malformed],
  ['a chunk longer than its size', `${ok}transfer-encoding: chunked\r\n\r\n1\r\n{}\r\n0\r\n\r\n`, malformed],
  [
    'length and chunks',
    `${ok}content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n`,
    malformed,
  ],
  [
    'a head that is too long',
    `${ok}x: ${'x'.repeat(20_000)}\r\n\r\n`,
    ['answer-too-large', undefined, undefined],
  ],
];

test('run and token say the same of answers that are not HTTP, and do not repeat the login', async () => {
  const { tokenUrl: address, logins } = await answeringWith(odd.map(([, answer]) => answer));
  const { token, run } = await byBothLanes(
    address,
    odd.map((_, index) => `row-${index}`),
  );
  const named = (verdicts: readonly (readonly unknown[])[]) =>
    verdicts.map((verdict, at) => [odd[at]?.[0], ...verdict]);
  const wanted = named(odd.map(([, , verdict]) => verdict));
  expect({ token: named(token), run: named(run) }).toEqual({ token: wanted, run: wanted });
  expect(logins).toHaveLength(2 * odd.length);
});
