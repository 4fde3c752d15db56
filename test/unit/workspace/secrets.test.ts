import { expect, test } from '@jest/globals';
import { createCollection } from '../../../src/postman/collection.js';
import { digestOf, formatMarker } from '../../../src/workspace/marker.js';
import { filledSecrets, secretsIn } from '../../../src/workspace/secrets.js';

const jwt = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.c2lnbmF0dXJl';

test('what is generated has no secret in it', async () => {
  expect(secretsIn(JSON.parse(JSON.stringify(await createCollection())))).toEqual([]);
});

test.each([
  ['a filled value typed secret', { key: 'pin', value: '1', type: 'secret' }, ['it "pin"']],
  ['an empty one', { key: 'pin', value: '', type: 'secret' }, []],
  ['a variable', { key: 'password', value: '{{password}}' }, []],
  ['a reference to the vault', { key: 'password', value: '{{vault:biotz-password}}', type: 'secret' }, []],
  ['a placeholder of a document', { key: 'token', value: '<string>' }, []],
  ['a variable with something beside it', { key: 'password', value: '{{a}}hunter2' }, ['it "password"']],
  ['a name in capitals', { key: 'Client_Secret', value: 'abc' }, ['it "Client_Secret"']],
  ['a number typed secret', { key: 'pin', value: 1234, type: 'secret' }, ['it "pin"']],
  [
    'a key in an authorization of its own',
    { apikey: [{ key: 'value', value: 'abc' }] },
    ['it.apikey[0] "value"'],
  ],
  ['a password in a script', { exec: ["pm.environment.set('password', 'hunter2hunter2');"] }, ['it.exec[0]']],
  ['a password in the JSON of a body', { raw: '{"password": "hunter2hunter2"}' }, ['it.raw']],
  ['a JWT anywhere', { deep: [{ text: `see ${jwt}` }] }, ['it.deep[0].text']],
  ['a JWT in a script', { exec: ['', `const t = '${jwt}';`] }, ['it.exec[1]']],
])('%s', (_, it, places) => {
  expect(secretsIn({ it })).toEqual(places);
});

test('the marker of a push is none, also where it notes a password that is a reference', () => {
  const written = Object.fromEntries(
    ['password', 'client_secret', 'id_token'].map((key) => [key, digestOf(key)]),
  );
  const value = formatMarker({ id: '9f3dca74-e12a-540e-94c2-452d3ca20f15', written });
  expect(filledSecrets([{ key: 'biotz_postman', value, type: 'default', enabled: false }], [])).toEqual([]);
  expect(secretsIn({ info: { description: `Text.\n\n\`${value}\`` } })).toEqual([]);
});

test('in Postman, what is a secret in the file is one whatever its type says', () => {
  const ours = [{ key: 'username', value: '', type: 'secret' }];
  const theirs = [
    { key: 'username', value: 'dev-1', type: 'default' },
    { key: 'pin', value: '1', type: 'secret' },
    { key: 'scope', value: 'openid', type: 'default' },
    { key: 'cloud', secret: true, type: 'secret', source: { provider: 'postman' } },
  ];
  expect(filledSecrets(theirs, ours)).toEqual(['username', 'pin']);
});
