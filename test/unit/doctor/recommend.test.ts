import { describe, expect, test } from '@jest/globals';
import { verdictOf } from '../../../src/doctor/diagnosis.js';
import { type Finding, finding, reasonFinding } from '../../../src/doctor/finding.js';
import { recommend } from '../../../src/doctor/recommend.js';
import { biotzProfile } from '../../../src/platform/profile.js';

const basic = { bodyMode: 'formdata', clientAuth: 'basic' } as const;
const urlencoded = { bodyMode: 'urlencoded', clientAuth: 'body' } as const;
const profile = { ...biotzProfile, tokenUrl: 'https://a.example/token' };
const refused = (code: Parameters<typeof reasonFinding>[2]) => [reasonFinding('client', 'failure', code)];

describe('settings', () => {
  test("are the values that differ from the platform's, and always how logins are sent", () => {
    expect(recommend(biotzProfile, basic, [])).toEqual({ profile: basic, isProven: true });
    expect(recommend(profile, urlencoded, [])).toEqual({
      profile: { tokenUrl: profile.tokenUrl, ...urlencoded },
      isProven: true,
    });
  });

  test.each([
    ['email', 'openid email'],
    ['', 'openid'],
  ])('get openid if the scope is "%s", and are not proven then', (scope, expected) => {
    const found = [finding('client', 'failure', 'scope-without-openid', { scope })];
    expect(recommend({ ...biotzProfile, scope }, urlencoded, found)).toEqual({
      profile: { scope: expected, ...urlencoded },
      isProven: false,
    });
  });

  test('are not proven if a login had no id_token', () => {
    const found = [reasonFinding('device', 'failure', 'id-token-missing')];
    expect(recommend(biotzProfile, urlencoded, found)).toMatchObject({ isProven: false });
  });

  test.each([
    ['scope-unknown', { scope: 'openid x' }, { scope: 'openid' }],
    ['client-unknown', { clientId: 'nobody' }, { clientId: biotzProfile.clientId }],
    ['client-needs-secret', { clientId: 'nobody' }, { clientId: biotzProfile.clientId }],
    ['direct-grants-off', { clientId: 'nobody' }, { clientId: biotzProfile.clientId }],
  ] as const)('go back to the platform where the answer is %s', (code, changes, expected) => {
    expect(recommend({ ...profile, ...changes }, undefined, refused(code))).toEqual({
      profile: { tokenUrl: profile.tokenUrl, ...expected, ...urlencoded },
      isProven: false,
    });
  });

  test.each(['scope-unknown', 'client-unknown', 'realm-unknown', 'server-error'] as const)(
    "are unknown if the platform's own settings get the answer %s",
    (code) => expect(recommend(profile, undefined, refused(code))).toBeUndefined(),
  );
});

describe('the verdict', () => {
  const tls = (status: Finding['status']) =>
    finding('tls', status, 'certificate-untrusted', { problem: 'x' });
  test.each([
    ['nothing', [], 'healthy'],
    ['a warning', [tls('warning')], 'healthy'],
    ['a refused client', refused('client-unknown'), 'refused'],
    ['a server that failed', refused('server-error'), 'refused'],
    ['a certificate', [tls('failure')], 'unreachable'],
    ['a client that was not judged', refused('timeout'), 'unreachable'],
    [
      'both',
      [...refused('client-unknown'), reasonFinding('message', 'failure', 'proxy-failed')],
      'unreachable',
    ],
  ] as const)('of %s is %s', (_what, findings, expected) => {
    expect(verdictOf(findings)).toBe(expected);
  });
});
