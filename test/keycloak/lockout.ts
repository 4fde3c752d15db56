import { describe, expect, test } from '@jest/globals';
import { csvOf, type Row } from '../program/cli/fleet.js';
import { spawnProgram } from '../support/program.js';
import { loginFields, postForm } from '../unit/stand-in/platform.js';
import { guarded } from './devices.js';
import { guardedRealm } from './realm.js';
import type { Keycloak } from './server.js';

/** The program against a realm that locks accounts: two wrong passwords within a second lock one for a minute. */
export function describeLockout({ url, logged }: Keycloak): void {
  const tokenUrl = `${url}/realms/${guardedRealm}/protocol/openid-connect/token`;
  const run = (rows: readonly Row[]) =>
    spawnProgram(['run', '-', '--token-url', tokenUrl, '--body', 'urlencoded'], { input: csvOf(rows) });
  /** More than enough to lock an account, and less than the thirty that would do at any pace. */
  const guess = async (username: string) => {
    for (let time = 0; time < 6; time += 1)
      await postForm(tokenUrl, loginFields({ username, password: 'guess' }));
  };
  const [one, two, victim] = guarded;
  if (one === undefined || two === undefined || victim === undefined) throw new Error('too few devices');

  describe('where accounts are locked', () => {
    test('run sends a wrong password once, and locks no account', async () => {
      const wrong = await run([{ ...one, password: 'wrong' }, two, victim]);
      expect(wrong.stdout).toContain('3 attempted, 2 passed, 1 failed');
      expect(wrong.stdout).toContain('[invalid-user-credentials]');
      const right = await run([one, two, victim]);
      expect(right.stdout).toContain('3 attempted, 3 passed, 0 failed');
      expect(await logged(new RegExp(`LOGIN_ERROR.*${one.username}`, 'g'))).toHaveLength(1);
    });

    test('users who do not exist lock no account', async () => {
      await guess('ghost@devices.example');
      expect((await run([one])).status).toBe(0);
    });

    test('the right password of a locked account is refused like a wrong one, and the others log in', async () => {
      await guess(victim.username);
      const { status, stdout } = await run([one, two, victim]);
      expect(stdout).toContain('3 attempted, 2 passed, 1 failed');
      expect(stdout).toContain('[invalid-user-credentials]');
      expect(stdout).toContain('wait a minute');
      expect(status).toBe(1);
      // It was locked, and nothing else was wrong.
      await logged(new RegExp(`error="?user_temporarily_disabled.*${victim.username}`, 'g'));
    });
  });
}
