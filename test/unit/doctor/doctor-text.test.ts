import { expect, test } from '@jest/globals';
import { finding } from '../../../src/doctor/finding.js';
import { biotzProfile } from '../../../src/platform/profile.js';
import { doctorReport, type PasteableSettings } from '../../../src/doctor/doctor-report.js';
import { formatDoctor } from '../../../src/doctor/doctor-text.js';
import { noColors } from '../../../src/text/palette.js';
import { Redactor } from '../../../src/secret/redactor.js';

const settings: PasteableSettings = {
  isProven: true,
  flags: ['--token-url', 'http://[::1]:8080/token', '--scope', 'openid email'],
  tokenFlags: ['--ca', 'my ca.pem'],
  config: { scope: 'openid email' },
  environment: { BIOTZ_TOKEN_URL: 'http://[::1]:8080/token' },
};

const same = new Redactor();

test('findings are shown with evidence and remedy, and settings as they can be pasted', () => {
  const tls = { subject: 'CN=a', chain: ['CN=b', 'CN=c'] };
  const findings = [
    finding('proxy', 'pass', 'proxy-used', { proxy: 'http://p' }),
    finding('tls', 'failure', 'certificate-of-another-host', { host: 'a.example' }, tls),
    finding('tls', 'failure', 'certificate-untrusted', { problem: 'X' }, tls),
    finding(
      'keys',
      'pass',
      'keys-usable',
      { keys: 2, algorithms: ['ES256'] },
      { keys: ['ES256, kid 1', 'ec'] },
    ),
    finding('session', 'skipped', 'not-checked', { because: 'tls' }),
  ];
  const report = doctorReport({ findings }, biotzProfile, settings, same);
  expect(formatDoctor(report, undefined, noColors)).toBe(
    `https://auth.biotz.io/realms/biotz-platform/protocol/openid-connect/token, client biotz-platform-devices, scope openid

PASS     proxy            http://p is used as a tunnel (HTTPS_PROXY)
FAILURE  TLS              the certificate is not for a.example [certificate-of-another-host]
                          If this is the right server, use one of the names in its certificate in token_url (--token-url).
FAILURE  TLS              the certificate is not signed by a trusted authority (X) [certificate-untrusted]
                          For your own certificate authority, pass its certificate with --ca FILE (token, doctor) or NODE_EXTRA_CA_CERTS (run). --insecure skips the check and exposes the passwords.
                          subject: CN=a
                          chain: CN=b, CN=c
PASS     keys (JWKS)      2 keys for signatures (ES256)
                          keys: ES256, kid 1
                          keys: ec
SKIPPED  session          not checked, because of "TLS"

Settings that work here:
  biotz-postman run DEVICES --token-url 'http://[::1]:8080/token' --scope 'openid email'
  biotz-postman token DEVICES --all --token-url 'http://[::1]:8080/token' --scope 'openid email' --ca 'my ca.pem'

The same in biotz-postman.config.json:
  {
    "scope": "openid email"
  }
and in the environment, because a config file may not set where passwords go:
  export BIOTZ_TOKEN_URL='http://[::1]:8080/token'
`,
  );
});

test('text from a server cannot command a terminal or fill it', () => {
  const foreign = '\u001b[2J\n::error::\u202e';
  const findings = [
    finding(
      'discovery',
      'warning',
      'token-url-differs',
      { tokenUrl: foreign },
      { a: foreign, b: 'x'.repeat(9999) },
    ),
  ];
  const token = { alg: 'ES256', claims: { name: foreign }, lifetimeS: 300 };
  const report = doctorReport({ findings, token }, { ...biotzProfile, scope: foreign }, undefined, same);
  const text = formatDoctor(report, foreign, noColors);
  // oxlint-disable-next-line no-control-regex -- control characters are what this is about
  expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]|::/);
  expect(text.length).toBeLessThan(3000);
});

test('arguments, evidence and claims are redacted, and our own words are not', () => {
  const findings = [
    finding(
      'device',
      'pass',
      'device-logged-in',
      { device: 'openid pump' },
      { user: 'openid@x', list: ['openid'] },
    ),
    finding('client', 'failure', 'scope-without-openid', { scope: 'email' }),
  ];
  const token = { alg: 'ES256', claims: { openid: 'openid', n: 1300 }, lifetimeS: 300 };
  const redactor = new Redactor();
  redactor.trackSecrets(['openid', '300']);
  const { checks, ...report } = doctorReport({ findings, token }, biotzProfile, undefined, redactor);
  expect(checks[0]).toMatchObject({
    meaning: '[redacted] pump can log in',
    evidence: { user: '[redacted]@x', list: ['[redacted]'] },
  });
  expect(checks[1]).toMatchObject({
    code: 'scope-without-openid',
    meaning: expect.stringContaining('openid'),
  });
  expect(report.token).toMatchObject({
    claims: { '[redacted]': '[redacted]', n: '[redacted]' },
    lifetimeS: 300,
  });
});

test('a password that a server chose as a number of the token is masked', () => {
  const redactor = new Redactor();
  redactor.trackSecrets(['86412345']);
  const token = { alg: 'none', claims: { exp: 86412345 }, lifetimeS: 86412345 };
  const found = finding('id-token', 'pass', 'id-token-genuine', { lifetimeS: 86412345 });
  const report = doctorReport({ findings: [found], token }, biotzProfile, undefined, redactor);
  expect(JSON.stringify(report) + formatDoctor(report, undefined, noColors)).not.toContain('86412345');
});
