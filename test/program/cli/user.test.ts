import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Secret } from '../../../src/secret/secret.js';
import type { StandIn } from '../../../src/stand-in/server.js';
import { startStandIn } from '../../../src/stand-in/server.js';
import { writeCsv } from './fleet.js';
import { filesBelow, inTemporaryFolder } from '../../support/folder.js';
import { program } from '../../support/program.js';

const users = 'biotz-platform-programmatic-users';
const api = fileURLToPath(new URL('../../fixtures/openapi/developer.yaml', import.meta.url));

async function environment(file: string) {
  const { values } = JSON.parse(await readFile(file, 'utf8')) as {
    values: { key: string; value: string; type: string }[];
  };
  return {
    values: Object.fromEntries(values.map(({ key, value }) => [key, value])),
    secrets: values.filter(({ type }) => type === 'secret').map(({ key }) => key),
  };
}

describe('generate --user', () => {
  test('writes an environment for a user beside those for devices, the same every time', () =>
    inTemporaryFolder(async (folder) => {
      const devices = await writeCsv(folder, [{ name: 'pump' }]);
      for (const out of ['a', 'b']) {
        const given = ['--user', '--openapi', api, '--out', join(folder, out)];
        expect((await program(['generate', devices, ...given])).status).toBe(0);
      }
      const { values, secrets } = await environment(join(folder, 'a/biotz.user.postman_environment.json'));
      expect(values).toMatchObject({
        client_id: users,
        username: '',
        password: '',
        id_token: '',
        device_id: '',
        api_url: 'https://api.example.org/v1',
      });
      expect(secrets).toEqual(['username', 'password', 'id_token']);
      for (const other of ['biotz.shared', 'private/pump']) {
        const device = await environment(join(folder, `a/${other}.postman_environment.json`));
        expect(device.values['client_id']).toBe('biotz-platform-devices');
      }
      expect(await filesBelow(join(folder, 'b'))).toEqual(await filesBelow(join(folder, 'a')));
    }));

  test('does without DEVICES, and then writes nothing for them', () =>
    inTemporaryFolder(async (folder) => {
      const { status, stdout } = await program(['generate', '--user', '--openapi', api, '--out', folder]);
      expect(status).toBe(0);
      expect(stdout).not.toContain('secret\n');
      expect((await readdir(folder)).toSorted()).toEqual([
        'biotz.postman_collection.json',
        'biotz.user.postman_environment.json',
        'private',
      ]);
    }));

  test('gives way to a client that is named', () =>
    inTemporaryFolder(async (folder) => {
      const { status } = await program(['generate', '--user', '--client-id', 'mine', '--out', folder]);
      expect(status).toBe(0);
      const { values } = await environment(join(folder, 'biotz.user.postman_environment.json'));
      expect(values['client_id']).toBe('mine');
    }));
});

test.each([
  ['generate without DEVICES', ['generate'], 'has no DEVICES'],
  ['generate --openapi without DEVICES', ['generate', '--openapi', api], 'or use --user'],
  ['generate --device without DEVICES', ['generate', '--user', '--device', 'x'], '--device needs DEVICES'],
  ['generate --all without DEVICES', ['generate', '--user', '--all'], '--all needs DEVICES'],
  ['generate --api-url alone', ['generate', '--user', '--api-url', 'https://a.example'], 'needs --openapi'],
  [
    'generate --api-url with a password in it',
    ['generate', '--user', '--openapi', api, '--api-url', 'https://u:canary@a.example'],
    'contains a user name',
  ],
  ['token --user for devices', ['token', 'devices.csv', '--user'], '--user needs --username'],
  ['doctor --user for devices', ['doctor', 'devices.csv', '--user'], '--user cannot be used with DEVICES'],
])('%s is refused', (_what, args, says) =>
  inTemporaryFolder(async (folder) => {
    const { status, stdout, stderr } = await program(args, { cwd: folder });
    expect(stderr).toContain(says);
    expect(stderr).not.toContain('canary');
    expect(stdout).toBe('');
    expect(status).toBe(2);
    expect(await readdir(folder)).toEqual([]);
  }),
);

describe('a server that knows the client of users', () => {
  let platform: StandIn;
  beforeAll(async () => {
    const devices = [{ username: 'ann@example.org', password: new Secret('canary-password') }];
    platform = await startStandIn({
      devices,
      behaviour: 'keycloak-26',
      clientId: users,
      signingAlg: 'ES256',
    });
  });
  afterAll(() => platform.close());

  const token = (args: readonly string[]) =>
    program(['token', '--username', 'ann@example.org', '--token-url', platform.tokenUrl, ...args], {
      env: { BIOTZ_PASSWORD: 'canary-password' },
    });

  test('gives token --username --user a token, which is verified for that client', async () => {
    const { status, stdout } = await token(['--user']);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^ey[\w-]+\.[\w-]+\.[\w-]+\n?$/);
  });

  test('gives none without --user, nor where another client is named', async () => {
    expect((await token([])).status).toBe(1);
    expect((await token(['--user', '--client-id', 'biotz-platform-devices'])).status).toBe(1);
  });

  test('is found in order by doctor --user', async () => {
    const { status, stdout } = await program(['doctor', '--user', '--token-url', platform.tokenUrl]);
    expect(stdout).toContain(`--client-id ${users}`);
    expect(status).toBe(0);
  });
});
