import { describe, expect, test } from '@jest/globals';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Behaviour } from '../../src/stand-in/behaviour.js';
import { csvOf, writeCsv, type Row } from '../program/cli/fleet.js';
import { inTemporaryFolder } from '../support/folder.js';
import { node, spawnProgram } from '../support/program.js';
import { caseRealm } from '../unit/stand-in/case-realm.js';
import { disabled, fleet, notSetUp } from './devices.js';
import { httpsRealm } from './realm.js';
import type { Keycloak } from './server.js';

const newman = createRequire(import.meta.url).resolve('newman/bin/newman.js');

/** The built program with a fleet of devices: `run`, and `generate` with what it wrote for Newman. */
export function describeFleet({ url }: Keycloak, behaviour: Behaviour): void {
  const platform = (realm: string = caseRealm.realm) => [
    '--token-url',
    `${url}/realms/${realm}/protocol/openid-connect/token`,
    // No server answers there, and nothing is published.
    '--ingestion-url',
    'http://127.0.0.1:9',
  ];
  const run = (rows: readonly Row[], args: readonly string[], realm?: string) =>
    spawnProgram(['run', '-', ...platform(realm), ...args], { input: csvOf(rows) });

  const urlencoded = ['--body', 'urlencoded'];
  const basic = ['--client-auth', 'basic'];
  const readsFormData = behaviour !== 'keycloak-21';
  /** Both remedies, and whether this server is helped by them. */
  const remedies = [
    { option: basic, helps: readsFormData },
    { option: urlencoded, helps: true },
    { option: [...urlencoded, ...basic], helps: true },
  ];

  describe('run', () => {
    test("says of the guide's form-data that it is not read, and names both remedies", async () => {
      const { status, stdout, stderr } = await run(fleet, []);
      expect(stdout).toContain(`${fleet.length} attempted, 0 passed, ${fleet.length} failed`);
      for (const word of ['[form-data-not-read]', '--client-auth basic', '--body urlencoded']) {
        expect(stdout).toContain(word);
      }
      expect(stdout + stderr).not.toMatch(/canary|eyJ/);
      expect(status).toBe(1);
    });

    test.each(remedies)('with $option logs in every device: $helps', async ({ option, helps }) => {
      const { status, stdout } = await run(fleet, option);
      const [passed, failed] = helps ? [fleet.length, 0] : [0, fleet.length];
      expect(stdout).toContain(`${fleet.length} attempted, ${passed} passed, ${failed} failed`);
      expect(status).toBe(helps ? 0 : 1);
    });

    test('tells of each device why it cannot log in', async () => {
      const [one, ...others] = fleet;
      const rows = [...others, { ...one, password: 'wrong' }, disabled, notSetUp, { id: 'stranger' }];
      const { status, stdout } = await run(rows, urlencoded);
      expect(stdout).toContain(`11 attempted, ${others.length} passed, 4 failed, 0 not attempted`);
      for (const reason of ['account-disabled', 'account-not-set-up', 'invalid-user-credentials']) {
        expect(stdout).toContain(`[${reason}]`);
      }
      expect(status).toBe(1);
    });

    test.each(['signs-with-es256', 'no-refresh-tokens', 'no-profile-scope'])(
      'takes the tokens of the client %s',
      async (clientId) => {
        const { status } = await run(fleet.slice(0, 1), [...urlencoded, '--client-id', clientId]);
        expect(status).toBe(0);
      },
    );

    test.each([
      { reason: 'client-unknown', option: ['--client-id', 'nobody'] },
      { reason: 'client-needs-secret', option: ['--client-id', 'confidential'] },
      { reason: 'direct-grants-off', option: ['--client-id', 'no-direct-grants'] },
      { reason: 'scope-unknown', option: ['--scope', 'openid x'] },
      { reason: 'id-token-missing', option: ['--scope', 'email'] },
      { reason: 'realm-unknown', realm: 'nope' },
      { reason: 'https-required', realm: httpsRealm },
    ])('tells $reason', async ({ reason, option = [], realm }) => {
      const { status, stdout } = await run(fleet.slice(0, 1), [...urlencoded, ...option], realm);
      expect(stdout).toContain(`[${reason}]`);
      expect(status).toBe(1);
    });
  });

  describe('what generate writes', () => {
    /** Generates, and gives the collection with its environment and data to a program. */
    const generated = (
      rows: readonly Row[],
      args: readonly string[],
      use: (files: { collection: string; environment: string; data: string }) => Promise<void>,
    ) =>
      inTemporaryFolder(async (folder) => {
        const file = await writeCsv(folder, rows);
        const out = join(folder, 'generated');
        await spawnProgram(['generate', file, '--out', out, ...platform(), ...args]);
        await use({
          collection: join(out, 'biotz.postman_collection.json'),
          environment: join(out, 'biotz.shared.postman_environment.json'),
          data: join(out, 'private/devices.data.json'),
        });
      });

    test.each([{ option: [], helps: false }, ...remedies])(
      'logs every device in with plain Newman, made with $option: $helps',
      ({ option, helps }) => {
        // In form-data plain Newman replaces what looks like a variable; check warns of it.
        const rows = option.includes('urlencoded')
          ? fleet
          : fleet.filter(({ password }) => !password.includes('{{'));
        return generated(rows, option, async ({ collection, environment, data }) => {
          const files = [collection, '-e', environment, '-d', data, '--folder', 'Get token'];
          const { status, stdout } = await node([newman, 'run', ...files]);
          expect(stdout).toMatch(new RegExp(`iterations │\\s+${rows.length} │`));
          expect(stdout.includes('the server did not read the form-data body')).toBe(!helps);
          expect(status).toBe(helps ? 0 : 1);
        });
      },
    );

    test('is run as it is with --collection and --environment', () =>
      generated(fleet, urlencoded, async ({ collection, environment }) => {
        const files = ['--collection', collection, '--environment', environment, '--folder', 'Get token'];
        const { status, stdout } = await spawnProgram(['run', '-', ...files], { input: csvOf(fleet) });
        expect(stdout).toContain(`${fleet.length} passed, 0 failed`);
        expect(status).toBe(0);
      }));
  });
}
