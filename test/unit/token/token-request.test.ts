import { expect, test } from '@jest/globals';
import { tokenRequestWriter } from '../../../src/token/token-request.js';
import { awkward, deviceOf, endpoint, engineFor, profileOf, sendJson } from './fixture.js';

interface Seen {
  readonly contentType: string;
  readonly authorization: string | undefined;
  readonly body: Buffer;
}

/** An endpoint that keeps every request to the byte. */
async function recorder(): Promise<{ tokenUrl: string; seen: Seen[] }> {
  const seen: Seen[] = [];
  const tokenUrl = await endpoint((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { 'content-type': contentType = '', authorization } = request.headers;
      seen.push({ contentType, authorization, body: Buffer.concat(chunks) });
      sendJson(response, 401, { error: 'invalid_grant' });
    });
  });
  return { tokenUrl, seen };
}

const username = 'ünï&=+ {{x}}@device';

test('urlencoded fields arrive byte for byte', async () => {
  const { tokenUrl, seen } = await recorder();
  await engineFor(tokenUrl).attempt(deviceOf(username));
  expect(seen[0]?.contentType).toBe('application/x-www-form-urlencoded');
  expect([...new URLSearchParams(seen[0]?.body.toString('latin1'))]).toEqual([
    ['grant_type', 'password'],
    ['client_id', 'biotz-platform-devices'],
    ['scope', 'openid'],
    ['username', username],
    ['password', awkward],
  ]);
});

test('form-data fields arrive byte for byte, line breaks too', async () => {
  const { tokenUrl, seen } = await recorder();
  await engineFor(tokenUrl, { profile: { bodyMode: 'formdata' } }).attempt(deviceOf(username));
  const boundary = /^multipart\/form-data; boundary=(\S+)$/.exec(seen[0]?.contentType ?? '')?.[1] ?? '';
  const part = (name: string, value: string) =>
    `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
  expect(seen[0]?.body.toString('utf8')).toBe(
    part('grant_type', 'password') +
      part('client_id', 'biotz-platform-devices') +
      part('scope', 'openid') +
      part('username', username) +
      part('password', awkward) +
      `--${boundary}--\r\n`,
  );
});

test('a boundary is never one that a value has in it', () => {
  const write = tokenRequestWriter(profileOf('http://127.0.0.1/token', { bodyMode: 'formdata' }));
  const boundaryOf = (password: string) =>
    /boundary=(\S+)/.exec(write({ username, password }).headers['content-type'] ?? '')?.[1] ?? '';
  const usual = boundaryOf('secret');
  expect(boundaryOf('secret')).toBe(usual);
  const other = boundaryOf(`\r\n--${usual}--`);
  expect(other).not.toContain(usual);
  expect(other).not.toBe('');
});

test('Basic names the client form-encoded, beside the same five fields', async () => {
  const { tokenUrl, seen } = await recorder();
  const profile = { clientAuth: 'basic', clientId: 'a b:é' } as const;
  await engineFor(tokenUrl, { profile }).attempt(deviceOf(username));
  expect(seen[0]?.authorization).toBe(`Basic ${Buffer.from('a%20b%3A%C3%A9:').toString('base64')}`);
  expect(new URLSearchParams(seen[0]?.body.toString('latin1')).get('client_id')).toBe('a b:é');
});

test('half a surrogate pair is sent as the character that stands for the unreadable', async () => {
  const { tokenUrl, seen } = await recorder();
  for (const bodyMode of ['urlencoded', 'formdata'] as const) {
    await engineFor(tokenUrl, { profile: { bodyMode } }).attempt(deviceOf('x', 'a\ud800z'));
  }
  expect(seen[0]?.body.toString('latin1')).toContain('password=a%EF%BF%BDz');
  expect(seen[1]?.body.toString('utf8')).toContain('a\ufffdz');
});

test('the query of a token URL is kept', () => {
  const write = tokenRequestWriter(profileOf('https://auth.example.org/token?tenant=a%20b'));
  expect(write({ username, password: 'x' }).path).toBe('/token?tenant=a%20b');
});
