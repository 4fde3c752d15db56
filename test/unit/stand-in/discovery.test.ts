import { get, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { expect, test } from '@jest/globals';
import type { StandIn } from '../../../src/stand-in/server.js';
import { json, start } from './platform.js';

const discover = ({ issuer }: StandIn) => fetch(`${issuer}/.well-known/openid-configuration`);

/** The issuer that is named to a Host header of one's own, which `fetch` does not allow. */
async function issuerAs({ issuer }: StandIn, host: string): Promise<unknown> {
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    get(`${issuer}/.well-known/openid-configuration`, { headers: { host } }, resolve).on('error', reject);
  });
  return (await json({ text: () => text(answer) }))['issuer'];
}

test('names the endpoints and what they take', async () => {
  const platform = await start({ signingAlg: 'RS256' });
  const { issuer, tokenUrl } = platform;
  expect(await json(await discover(platform))).toMatchObject({
    issuer,
    token_endpoint: tokenUrl,
    authorization_endpoint: `${issuer}/protocol/openid-connect/auth`,
    jwks_uri: `${issuer}/protocol/openid-connect/certs`,
    end_session_endpoint: `${issuer}/protocol/openid-connect/logout`,
    grant_types_supported: ['password', 'refresh_token'],
    scopes_supported: expect.arrayContaining(['openid', 'profile', 'email', 'offline_access']),
    token_endpoint_auth_methods_supported: expect.arrayContaining(['client_secret_basic']),
    id_token_signing_alg_values_supported: ['RS256'],
  });
});

test('speaks under the name of this machine by which it was reached', async () => {
  const platform = await start();
  const { port } = new URL(platform.url);
  for (const host of ['localhost', '[::1]', '127.0.0.1']) {
    expect(await issuerAs(platform, `${host}:${port}`)).toBe(`http://${host}:${port}/realms/biotz-platform`);
  }
});

test('does not speak for another host', async () => {
  const platform = await start();
  const { port } = new URL(platform.url);
  for (const host of [
    'evil.example',
    `evil.example:${port}`,
    'localhost:1',
    `localhost:${port}@evil.example`,
  ]) {
    expect(await issuerAs(platform, host)).toBe(platform.issuer);
  }
});

test('a realm may have any name', async () => {
  const platform = await start({ realm: 'Größe & co/1' });
  const answer = await discover(platform);
  expect(answer.status).toBe(200);
  expect((await json(answer))['issuer']).toBe(platform.issuer);
});
