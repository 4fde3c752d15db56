import { expect, test } from '@jest/globals';
import { grantScopes } from '../../../src/stand-in/scope.js';

const realm = { behaviour: 'keycloak-26', profileByDefault: true } as const;

test.each([
  [undefined, 'email profile'],
  ['openid', 'openid email profile'],
  ['openid openid', 'openid email profile'],
  ['openid ', 'openid email profile'],
  ['profile', 'email profile'],
  ['roles web-origins acr basic', 'email profile'],
  ['phone openid', 'openid email profile phone'],
])('%j is granted as %s', (requested, granted) => {
  expect(grantScopes(requested, realm)?.join(' ')).toBe(granted);
});

test.each(['', ' ', 'x', 'openid x', ' openid', 'openid  email', 'OPENID', 'service_account'])(
  '%j is not known',
  (requested) => {
    expect(grantScopes(requested, realm)).toBeUndefined();
  },
);

test('a client without the profile scope gets it only on request', () => {
  const without = { ...realm, profileByDefault: false };
  expect(grantScopes('openid', without)).toEqual(['openid', 'email']);
  expect(grantScopes('openid profile', without)).toEqual(['openid', 'email', 'profile']);
});
