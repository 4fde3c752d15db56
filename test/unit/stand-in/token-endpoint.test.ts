import { describe, expect, test } from '@jest/globals';
import type { Behaviour } from '../../../src/stand-in/behaviour.js';
import { caseRealm } from './case-realm.js';
import { keycloakCases } from './keycloak-cases.js';
import { keycloakRequests } from './keycloak-requests.js';
import { keycloakSessions } from './keycloak-sessions.js';
import { observe } from './observe.js';
import { loginFields, postForm, start } from './platform.js';

const behaviours: readonly Behaviour[] = ['gateway', 'keycloak-26', 'keycloak-21'];

// The same tables are compared with real servers in test/keycloak/answers.ts.
describe.each(behaviours)('%s', (behaviour) => {
  test.each(keycloakCases)('answers $name as measured, and the product knows why', async (sent) => {
    const { url } = await start({ behaviour });
    expect(await observe(url, sent)).toEqual(sent.expected[behaviour]);
  });

  test.each([...keycloakRequests, ...keycloakSessions])(
    'answers $name, as measured',
    async ({ clientId, talk, expected }) => {
      // RS256 is what a stock client signs with.
      const client = clientId && { clientId, signingAlg: 'RS256' as const, ...caseRealm.clients[clientId] };
      const { issuer } = await start({ behaviour, ...client });
      expect(await talk({ issuer, clientId: clientId ?? caseRealm.clientId })).toEqual(expected[behaviour]);
    },
  );
});

test.each([
  ['gateway', 400],
  ['keycloak-26', 500],
  ['keycloak-21', 415],
] as const)('%s answers %i to a large file in form-data', async (behaviour, status) => {
  const { tokenUrl } = await start({ behaviour });
  const body = new FormData();
  body.append('grant_type', 'password');
  body.append('password', new Blob(['x'.repeat(300_000)]), 'password.txt');
  expect((await fetch(tokenUrl, { method: 'POST', body })).status).toBe(status);
});

test('users can be found by a function, which is asked for the lower-cased username', async () => {
  const asked: string[] = [];
  const { tokenUrl } = await start({ devices: (username) => void asked.push(username) });
  expect((await postForm(tokenUrl, loginFields({ username: 'Sensor@Devices' }))).status).toBe(401);
  expect(asked).toEqual(['sensor@devices']);
});

test('counts what it answered', async () => {
  const { tokenUrl, counts } = await start({ behaviour: 'keycloak-21' });
  await postForm(tokenUrl, loginFields());
  await postForm(tokenUrl, loginFields());
  await postForm(tokenUrl, loginFields({ password: 'wrong' }));
  await fetch(tokenUrl, { method: 'POST', body: new FormData() });
  expect(counts).toMatchObject({ logins: 2, refused: 2, refreshes: 0 });
});
