import { expect, test } from '@jest/globals';
import { createCollection } from '../../src/postman/collection.js';
import { filledSecrets, secretsIn } from '../../src/workspace/secrets.js';

const jwt = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.c2lnbmF0dXJl';

test('what is generated has no secret in it', async () => {
  expect(secretsIn(JSON.parse(JSON.stringify(await createCollection())))).toEqual([]);
});

test.each([
  ['a filled value typed secret', { key: 'pin', value: '1', type: 'secret' }, ['it (pin)']],
  ['an empty one', { key: 'pin', value: '', type: 'secret' }, []],
  ['a variable', { key: 'password', value: '{{password}}' }, []],
  ['a reference to the vault', { key: 'password', value: '{{vault:biotz-password}}', type: 'secret' }, []],
  ['a placeholder of a document', { key: 'token', value: '<string>' }, []],
  ['a variable with something beside it', { key: 'password', value: '{{a}}x' }, ['it (password)']],
  ['a name in capitals', { key: 'Client_Secret', value: 'x' }, ['it (Client_Secret)']],
  ['a JWT anywhere', { deep: [{ text: `see ${jwt}` }] }, ['it.deep[0].text']],
  ['a JWT in a script', { exec: ['', `const t = '${jwt}';`] }, ['it.exec[1]']],
])('%s', (_, it, places) => {
  expect(secretsIn({ it })).toEqual(places);
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
