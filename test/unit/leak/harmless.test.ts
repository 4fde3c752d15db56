import { expect, test } from '@jest/globals';
import { found, leaksIn } from './scan.js';

// What looks like a secret and is none.
test.each([
  ['an empty value', '{"values":[{"key":"password","value":"","type":"secret"}]}'],
  ['a reference', '{"values":[{"key":"password","value":"{{password}}","type":"secret"}]}'],
  [
    "a reference to Postman's vault",
    '{"values":[{"key":"password","value":"{{vault:biotz-password}}","type":"secret"}]}',
  ],
  ['a mask', '{"password":"[redacted]","client_secret":"********","api_key":"xxxxxxxx"}'],
  [
    'a header that refers to a variable',
    '{"header":[{"key":"Authorization","value":"Bearer {{id_token}}"}]}',
  ],
  [
    'the form of the token request',
    '{"formdata":[{"key":"grant_type","value":"password"},{"key":"password","value":"{{password}}"}]}',
  ],
  ['the type of a token', '{"token_type":"Bearer","expires_in":300}'],
  [
    'names that only begin like one',
    '{"token_url":"https://a.example","password_policy":"strict1","secretary":"Ms. Abc1"}',
  ],
  ['a schema', '{"properties":{"password":{"type":"string","description":"Password of the user 1"}}}'],
  ['labels', '{"username":"User name","password":"Enter your password, please"}'],
  ['a name as a value', '{"id-token":"id_token","token":"id"}'],
  [
    "Postman's header against caches",
    '{"key":"Postman-Token","value":"7fc1bc71-b90f-49e2-8758-54cf1bfb3dc9"}',
  ],
  [
    'a client without a secret',
    `Authorization: Basic ${Buffer.from('biotz-platform-devices:').toString('base64')}`,
  ],
  ['types in code', 'interface X { readonly password: Secret; token: string | undefined; apiKey?: string }'],
  [
    'assignments in code',
    "const password = fields[columns.password] ?? '';\nthis.token = await readToken(file1);",
  ],
  [
    'templates in code',
    'const body = `password=${password}&token=${t.value1}`; h = `Bearer ${idToken.reveal()}`;',
  ],
  [
    'placeholders',
    'password=<password>\nAPI_KEY=${API_KEY}\nCLIENT_SECRET=$CLIENT_SECRET1\npassword: ${{ secrets.PASSWORD_1 }}\n',
  ],
  [
    'prose',
    'The password: at least 8 characters. A token=… in a query. Bearer authentication, Basic credentials.',
  ],
  [
    'a URL',
    'https://a.example:443/x@y http://user@a.example http://user:password@a.example ftp://user:…@a.example https://{{u}}:{{p}}@a.example\n' +
      'redis://$USER:$PASS@a.example postgres://user:${DB_PASSWORD}@a.example https://unpkg.com/a:b/c@1.2.3',
  ],
  ['markup', '<label for="password">Password</label><input name="password" value=""/><token>string</token>'],
  ['an elided JWT', 'TOKEN=eyJhbGciOiJSUzI1NiJ9…'],
  ['a label of a key', 'It begins with -----BEGIN PRIVATE KEY----- and ends with -----END PRIVATE KEY-----.'],
  ['a certificate', `-----BEGIN CERTIFICATE-----\n${'A1b2'.repeat(16)}\n-----END CERTIFICATE-----\n`],
  ["the guide's credentials file", 'Created,Name,Device ID,HTTP Username,Password\nYes,a,1,1@x,[Password]\n'],
  ['a header of credentials without devices', 'Created,Name,Device ID,HTTP Username,Password\n'],
  ['nothing', ''],
  ['a line that is not JSON', '[section]\nname = x\n'],
])('%s is not a secret', async (_what, text) => {
  expect(await found(text)).toEqual([]);
});

test('binary data is not searched for names', async () => {
  const bytes = Buffer.concat([Buffer.alloc(100), Buffer.from('password=hunter22&x'), Buffer.alloc(100)]);
  expect(await leaksIn(bytes)).toEqual([]);
  expect(await leaksIn(bytes, { d: 'hunter22' })).toMatchObject([{ code: 'device-password', device: 'd' }]);
});
