import { describe, expect, test } from '@jest/globals';
import type { DoctorReport } from '../../src/doctor/doctor-report.js';
import type { Behaviour } from '../../src/stand-in/behaviour.js';
import { csvOf, type Row } from '../program/cli/fleet.js';
import { spawnProgram } from '../support/program.js';
import { caseRealm } from '../unit/stand-in/case-realm.js';
import { disabled, fleet, guarded } from './devices.js';
import { guardedRealm, httpsRealm } from './realm.js';
import type { Keycloak } from './server.js';

/** What `doctor` says of good and bad settings. */
export function describeDoctor({ url }: Keycloak, behaviour: Behaviour): void {
  const platform = (realm: string = caseRealm.realm) => [
    '--token-url',
    `${url}/realms/${realm}/protocol/openid-connect/token`,
  ];
  const ask = async (args: readonly string[], rows?: readonly Row[]) => {
    const devices = rows === undefined ? [] : ['-'];
    const { status, stdout } = await spawnProgram(['doctor', ...devices, ...args, '--format', 'json'], {
      input: csvOf(rows ?? []),
    });
    const report = JSON.parse(stdout) as DoctorReport;
    const told = report.checks.map(({ check, status, code }) => `${check} ${status} ${code}`);
    return { status, report, told, wrong: told.filter((each) => / (warning|failure) /.test(each)) };
  };
  const differs = 'encoding warning encoding-differs';

  describe('doctor', () => {
    test('finds right settings right, and says what the server reads', async () => {
      const { status, report, wrong, told } = await ask(platform());
      expect(status).toBe(0);
      expect(wrong).toEqual([differs]);
      expect(told).toEqual(
        expect.arrayContaining([
          'discovery pass discovery-agrees',
          'keys pass keys-usable',
          'client pass client-accepted',
        ]),
      );
      const [body, clientAuth] = behaviour === 'keycloak-21' ? ['urlencoded', 'body'] : ['formdata', 'basic'];
      expect(report.settings?.config).toEqual({ body, 'client-auth': clientAuth });
    });

    test('logs a device in, looks at its token, and ends the session', async () => {
      const [one] = fleet;
      const { status, report, told, wrong } = await ask(platform(), fleet);
      expect(status).toBe(0);
      expect(wrong).toEqual([differs]);
      expect(told.slice(-5)).toEqual([
        'device pass device-logged-in',
        'clock pass clock-agrees',
        'id-token pass id-token-genuine',
        'message skipped message-not-asked-for',
        'session pass session-ended',
      ]);
      expect(report.token).toMatchObject({
        alg: 'RS256',
        claims: { preferred_username: one?.username, azp: caseRealm.clientId },
        lifetimeS: 300,
      });
    });

    test('gives settings with which run and token log every device in', async () => {
      const { report } = await ask(platform());
      const { flags = [], tokenFlags = [] } = report.settings ?? {};
      for (const command of [
        ['run', '-', ...flags],
        ['token', '-', '--all', ...flags, ...tokenFlags],
      ]) {
        const { status, stdout } = await spawnProgram(command, { input: csvOf(fleet) });
        expect(stdout).toContain(`${fleet.length} attempted, ${fleet.length} passed, 0 failed`);
        expect(status).toBe(0);
      }
    });

    test.each([
      ['a wrong client', ['--client-id', 'nobody'], 'client failure client-unknown'],
      ['no direct grants', ['--client-id', 'no-direct-grants'], 'client failure direct-grants-off'],
      ['a confidential client', ['--client-id', 'confidential'], 'client failure client-needs-secret'],
      ['an unknown scope', ['--scope', 'openid x'], 'client failure scope-unknown'],
      ['a scope without openid', ['--scope', 'email'], 'client failure scope-without-openid'],
      ['a wrong realm', platform('nope'), 'discovery failure realm-unknown'],
      ['a realm that is only there for HTTPS', platform(httpsRealm), 'client failure https-required'],
    ])('finds %s', async (_what, args, finding) => {
      const { status, wrong } = await ask(args.includes('--token-url') ? args : [...platform(), ...args]);
      expect(wrong).toContain(finding);
      expect(status).toBe(1);
    });

    test.each([
      ['signs-with-es256', undefined],
      ['no-refresh-tokens', 'session warning session-not-endable'],
      ['no-profile-scope', 'id-token warning id-token-names-no-user'],
    ])('takes the tokens of the client %s, with a warning: %s', async (clientId, warning) => {
      const { status, wrong } = await ask([...platform(), '--client-id', clientId], fleet.slice(0, 1));
      expect(wrong).toEqual([differs, ...(warning === undefined ? [] : [warning])]);
      expect(status).toBe(0);
    });

    test('says of a device why it cannot log in', async () => {
      const { status, wrong } = await ask(platform(), [disabled]);
      expect(wrong).toContain('device failure account-disabled');
      expect(status).toBe(1);
    });

    test('locks no account', async () => {
      for (let time = 0; time < 3; time += 1) await ask(platform(guardedRealm));
      expect((await ask(platform(guardedRealm), guarded.slice(0, 1))).status).toBe(0);
    });
  });
}
