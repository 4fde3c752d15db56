import { expect, test } from '@jest/globals';
import { grantScopes } from '../../src/stand-in/scope.js';

test.each([
  [undefined, 'email profile'],
  ['openid', 'openid email profile'],
  ['openid openid', 'openid email profile'],
  ['openid ', 'openid email profile'],
  ['profile', 'email profile'],
  ['roles web-origins acr basic', 'email profile'],
  ['phone openid', 'openid email profile phone'],
])('%j is granted as %s', (requested, granted) => {
  expect(grantScopes(requested, true)?.join(' ')).toBe(granted);
});

test.each(['', ' ', 'x', 'openid x', ' openid', 'openid  email', 'OPENID', 'service_account'])(
  '%j is not known',
  (requested) => {
    expect(grantScopes(requested, true)).toBeUndefined();
  },
);

test('a client without the profile scope gets it only when it asks', () => {
  expect(grantScopes('openid', false)).toEqual(['openid', 'email']);
  expect(grantScopes('openid profile', false)).toEqual(['openid', 'email', 'profile']);
});
