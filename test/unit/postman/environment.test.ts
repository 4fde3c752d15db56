import { expect, test } from '@jest/globals';
import { biotzProfile } from '../../../src/platform/profile.js';
import { createEnvironment } from '../../../src/postman/environment.js';
import { device } from './fixture.js';

const secretsOf = (environment: ReturnType<typeof createEnvironment>) =>
  Object.fromEntries(
    environment.values.filter(({ type }) => type === 'secret').map(({ key, value }) => [key, value]),
  );

test('the shared environment has no secrets, but may refer to the vault of its user', () => {
  expect(secretsOf(createEnvironment(biotzProfile))).toEqual({ username: '', password: '', id_token: '' });
  expect(secretsOf(createEnvironment(biotzProfile, { secrets: 'vault' }))).toEqual({
    username: '{{vault:biotz-username}}',
    password: '{{vault:biotz-password}}',
    // The script of the token request sets it.
    id_token: '',
  });
});

test('both are the same environment otherwise', () => {
  const [blank, vault] = (['blank', 'vault'] as const).map((secrets) =>
    createEnvironment(biotzProfile, { secrets }),
  );
  expect({ ...vault, values: [] }).toEqual({ ...blank, values: [] });
});

test('a private environment holds its device regardless of the shared one', () => {
  const own = device(1);
  expect(secretsOf(createEnvironment(biotzProfile, { device: own, secrets: 'vault' }))).toMatchObject({
    username: own.username,
    password: own.password.reveal(),
  });
});
