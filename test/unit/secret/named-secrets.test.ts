import { describe, expect, test } from '@jest/globals';
import { headerSecrets, namedSecrets } from '../../../src/secret/named-secrets.js';

const opaque = 'Kx8opaqueQ7/9+z=';

describe('a secret is found by its name', () => {
  test.each([
    'access_token',
    'accessToken',
    'AccessToken',
    'ACCESSTOKEN',
    'id-token',
    'refreshToken',
    'token',
    'Token',
    'tokenValue',
    'session',
    'sessionId',
    'x.auth.token',
    'client_secret',
    'jwt',
    'apiKey',
  ])('as %s, in JSON at any depth, a form, XML and HTML', (name) => {
    for (const text of [
      JSON.stringify({ [name]: opaque }),
      JSON.stringify({ data: [{ result: { [name]: opaque } }] }),
      JSON.stringify({ [name]: { value: opaque, user: 'pump' } }),
      JSON.stringify({ [name]: [opaque] }),
      JSON.stringify({ name, value: opaque }),
      JSON.stringify({ body: JSON.stringify({ [name]: opaque }) }),
      `a=b&${name}=${encodeURIComponent(opaque)}&c=d`,
      `<answer><${name}>${opaque}</${name}></answer>`,
      `<answer ${name}="${opaque}"/>`,
      `<input type="hidden" name="${name}" value="${opaque}">`,
      `window.${name} = '${opaque}';`,
    ]) {
      expect([...namedSecrets(text)]).toEqual([opaque]);
    }
  });

  test.each([
    ['Authorization', `Bearer ${opaque}`],
    ['authentication-token', opaque],
    ['X-Auth-Token', opaque],
    ['X-Session', opaque],
    ['Set-Cookie', `SID=${opaque}; Path=/; HttpOnly`],
    ['Location', `https://example.org/#access_token=${encodeURIComponent(opaque)}&x=y`],
  ])('in the header %s', (key, value) => {
    expect([...headerSecrets([{ key, value }])]).toEqual([opaque]);
  });

  test('though it is a number, or its object is nested deeper than the stack', () => {
    expect([...namedSecrets('{"token":123456789}')]).toEqual(['123456789']);
    const deep = `${'['.repeat(5000)}{"token":"${opaque}"}${']'.repeat(5000)}`;
    expect([...namedSecrets(deep)]).toEqual([opaque]);
  });
});

test.each([
  '{"token_type":"Bearer","expires_in":300,"token":"invalid","secret":true,"session_state":"0123456789"}',
  '{"token":"ok","error":"The token is invalid","tokens":[],"cookie":null}',
  '{"session":{"user":"pump-0001","state":"active"}}',
  'The token: invalid',
  'postman-token=0123456789',
  '',
  'null',
])('what is no secret is left alone: %s', (text) => {
  expect([...namedSecrets(text)]).toEqual([]);
});

test('a server cannot have any number of secrets learnt', () => {
  expect([...namedSecrets('a-'.repeat(500_000))]).toEqual([]);
  expect(namedSecrets('token='.repeat(20_000)).size).toBe(1);
  const many = Object.fromEntries(
    Array.from({ length: 1000 }, (_, at) => [`token${at}token`, `${opaque}${at}`]),
  );
  expect(namedSecrets(JSON.stringify(many)).size).toBe(100);
});
