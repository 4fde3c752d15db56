import { describe, expect, test } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import type { Behaviour } from '../../src/stand-in/behaviour.js';
import { csvOf } from '../program/cli/fleet.js';
import { inTemporaryFolder } from '../support/folder.js';
import { spawnProgram } from '../support/program.js';
import { caseRealm } from '../unit/stand-in/case-realm.js';
import { disabled, fleet } from './devices.js';
import type { Keycloak } from './server.js';

/** The built program's logins over plain HTTP, verified with the realm's own keys. */
export function describeToken({ url }: Keycloak, behaviour: Behaviour): void {
  const realm = `${url}/realms/${caseRealm.realm}/protocol/openid-connect`;
  const token = (args: readonly string[], cwd?: string) =>
    spawnProgram(['token', '-', '--token-url', `${realm}/token`, ...args], {
      input: csvOf(fleet),
      ...(cwd !== undefined && { cwd }),
    });
  const [first] = fleet;
  const one = ['--device', first?.id ?? ''];

  describe('token', () => {
    test("prints one device's id_token, verified", async () => {
      const { status, stdout } = await token(one);
      expect(status).toBe(0);
      expect(decodeJwt(stdout.trim())['preferred_username']).toBe(first?.username);
    });

    test('takes ES256', async () => {
      const { status, stdout } = await token([...one, '--client-id', 'signs-with-es256']);
      expect(status).toBe(0);
      expect(decodeProtectedHeader(stdout.trim()).alg).toBe('ES256');
    });

    test('does without a refresh token, unless that is what was asked for', async () => {
      const client = [...one, '--client-id', 'no-refresh-tokens'];
      expect((await token(client)).status).toBe(0);
      const refresh = await token([...client, '--token', 'refresh']);
      expect(refresh.stdout).toBe('');
      expect(refresh.stderr).toContain('[TOKEN_MISSING]');
    });

    test('warns where a token does not say whose it is', async () => {
      const { status, stderr } = await token([...one, '--client-id', 'no-profile-scope']);
      expect(status).toBe(0);
      expect(stderr).toContain('[id-token-names-no-user]');
    });

    test('logs the fleet in and out again, whatever its passwords, and asks how', () =>
      inTemporaryFolder(async (cwd) => {
        const out = join(cwd, 'tokens.ndjson');
        const args = ['--all', '--body', 'auto', '--end-sessions', '--out', out];
        const { status, stdout, stderr } = await token(args, cwd);
        expect(stdout).toContain(`${fleet.length} passed, 0 failed`);
        expect(status).toBe(0);
        expect(stderr).toContain(behaviour === 'keycloak-21' ? '--body urlencoded' : '--client-auth basic');
        // Every session is gone: its refresh token is worth nothing any more.
        const lines = (await readFile(out, 'utf8')).split('\n').filter(Boolean);
        const refreshed = lines.map(async (line) => {
          const { refresh_token } = JSON.parse(line) as { refresh_token: string };
          const body = new URLSearchParams({
            grant_type: 'refresh_token',
            client_id: caseRealm.clientId,
            refresh_token,
          });
          return (await fetch(`${realm}/token`, { method: 'POST', body })).status;
        });
        expect(await Promise.all(refreshed)).toEqual(fleet.map(() => 400));
      }));

    test('tells who cannot log in', async () => {
      const { status, stdout } = await spawnProgram(
        ['token', '-', '--all', '--token-url', `${realm}/token`, '--retries', '0'],
        { input: csvOf([{ ...first, password: 'wrong' }, disabled]) },
      );
      expect(status).toBe(1);
      for (const reason of ['invalid-user-credentials', 'account-disabled'])
        expect(stdout).toContain(`[${reason}]`);
    });
  });
}
