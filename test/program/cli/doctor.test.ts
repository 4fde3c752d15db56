import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { Ajv2020, type AnySchemaObject } from 'ajv/dist/2020.js';
import type { DoctorReport } from '../../../src/doctor/doctor-report.js';
import { Secret } from '../../../src/secret/secret.js';
import type { Behaviour } from '../../../src/stand-in/behaviour.js';
import { secureServer, told } from '../../unit/doctor/fixture.js';
import { startTokenServer } from '../../unit/newman/token-server.js';
import { start } from '../../unit/stand-in/platform.js';
import { complete, csvOf, type Row, writeCsv } from './fleet.js';
import { inTemporaryFolder } from '../../support/folder.js';
import { bin, type Calling, program, shell } from '../../support/program.js';

const rows: readonly Row[] = [{}, { name: 'pump' }, { password: 'canary-\'"&=;é' }].map(complete);
const message = ['--message-type', 'climate', '--payload', '{"temp":1}'];

/** An embedded platform that knows the devices, and the arguments that name it. */
async function platformWith(behaviour: Behaviour = 'keycloak-26', devices = rows) {
  const users = devices
    .map(complete)
    .map(({ username, password }) => ({ username, password: new Secret(password) }));
  const platform = await start({ behaviour, devices: users });
  const { tokenUrl, ingestionUrl } = platform;
  return { platform, where: ['--token-url', tokenUrl, '--ingestion-url', ingestionUrl] };
}

const schema = JSON.parse(
  readFileSync(new URL('../../../docs/doctor.schema.json', import.meta.url), 'utf8'),
) as AnySchemaObject;

async function jsonOf(args: readonly string[], calling: Calling = {}) {
  const { status, stdout, stderr } = await program(['doctor', ...args, '--format', 'json'], calling);
  const report = JSON.parse(stdout) as DoctorReport;
  const ajv = new Ajv2020({ allowUnionTypes: true });
  await ajv.validate(schema, report);
  expect(ajv.errors).toBeNull();
  return { status, report, stdout, stderr };
}

/** The lines of a text that begin so, without their indentation. */
const linesOf = (text: string, beginning: string) =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.startsWith(beginning));

/** Runs a command line as it was printed. */
const paste = (line: string, folder: string) =>
  shell(line.replace(/^biotz-postman/, '"$0" "$1"'), [process.execPath, bin], { cwd: folder });

describe.each(['gateway', 'keycloak-26', 'keycloak-21'] as const)(
  'with the embedded platform as %s',
  (behaviour) => {
    test('everything passes, and run and token pass with the printed settings', () =>
      inTemporaryFolder(async (folder) => {
        const { platform, where } = await platformWith(behaviour);
        const file = await writeCsv(folder, rows);
        const { status, stdout, stderr } = await program(['doctor', file, ...where, ...message], {
          cwd: folder,
        });
        expect(status).toBe(0);
        expect(stdout).toContain('PASS     device login     pump 0 can log in');
        expect(stdout).toContain('signature, issuer, audience and times are right');
        expect(stdout).toContain('│ preferred_username │');
        expect(stdout + stderr).not.toMatch(/canary|eyJ/);
        expect(stderr.split('\n')).toEqual([
          `Asking ${platform.url} up to three times to log in a user who does not exist. Your passwords are not sent.`,
          `Logging pump 0 in at ${platform.url} once, and ending its session.`,
          `Publishing one message of type climate at ${platform.url}.`,
          '',
        ]);
        expect(platform.counts).toMatchObject({ logins: 1, logouts: 1, published: 1 });

        const commands = linesOf(stdout, 'biotz-postman ');
        expect(commands).toHaveLength(2);
        for (const command of commands) {
          const pasted = await paste(command, folder);
          expect(pasted.stdout).toContain('3 attempted, 3 passed, 0 failed');
          expect(pasted.status).toBe(0);
        }
      }));

    test('the same settings work from a config file and the environment', () =>
      inTemporaryFolder(async (folder) => {
        const { where } = await platformWith(behaviour);
        const file = await writeCsv(folder, rows);
        const { report } = await jsonOf([...where]);
        const { config, environment: env } = report.settings ?? { config: {}, environment: {} };
        await writeFile(join(folder, 'biotz-postman.config.json'), JSON.stringify(config));
        for (const command of [
          ['run', file],
          ['token', file, '--all'],
          ['doctor', file],
        ]) {
          expect(await program(command, { cwd: folder, env })).toMatchObject({ status: 0 });
        }
      }));
  },
);

test('a scope without openid is found, and the printed settings help', () =>
  inTemporaryFolder(async (folder) => {
    const { where } = await platformWith();
    const file = await writeCsv(folder, rows);
    const { status, stdout } = await program(['doctor', file, ...where, '--scope', 'email']);
    expect(status).toBe(1);
    expect(stdout).toContain('[scope-without-openid]');
    for (const command of linesOf(stdout, 'biotz-postman ')) {
      expect(command).toContain("--scope 'openid email'");
      expect(await paste(command, folder)).toMatchObject({ status: 0 });
    }
  }));

describe('the kind of failure decides the exit status', () => {
  test.each([
    ['nothing', [], 0, 'encoding warning encoding-differs'],
    ['what was asked for is right', ['--client-auth', 'basic'], 0, 'encoding pass encoding-read'],
    ['what was asked for is not read', ['--body', 'formdata'], 1, 'encoding failure encoding-refused'],
    ['the client', ['--client-id', 'nobody'], 1, 'client failure client-unknown'],
    ['the client is confidential', ['--client-id', 'confidential'], 1, 'client failure client-needs-secret'],
    ['no direct grants', ['--client-id', 'no-direct-grants'], 1, 'client failure direct-grants-off'],
    ['the scope', ['--scope', 'openid x'], 1, 'client failure scope-unknown'],
    [
      'the realm',
      ['--token-url', '/realms/other/protocol/openid-connect/token'],
      1,
      'client failure realm-unknown',
    ],
    ['the port', ['--token-url', 'http://127.0.0.1:9/token'], 3, 'tcp failure connection-refused'],
  ])('%s: %j', async (_what, args, expected, finding) => {
    const { platform, where } = await platformWith();
    const given = args.map((arg) => (arg.startsWith('/') ? platform.url + arg : arg));
    const own = given.includes('--token-url') ? given : [...where, ...given];
    const { status, report } = await jsonOf(own);
    expect(status).toBe(expected);
    expect(report.checks.map(({ check, status, code }) => `${check} ${status} ${code}`)).toContain(finding);
    const remedies = report.checks.filter(({ status }) => ['failure', 'warning'].includes(status));
    expect(remedies.every(({ remedy }) => remedy !== undefined && remedy !== '')).toBe(true);
  });

  test('a wrong password is 1', async () => {
    const { where } = await platformWith();
    const [row] = rows;
    const input = csvOf([{ ...row, password: 'wrong' }]);
    const { status, report } = await jsonOf(['-', ...where], { input });
    expect(status).toBe(1);
    expect(told(report.checks as never)).toContain('device failure invalid-user-credentials');
  });

  test('a certificate that no authority signed is 3, and the remedy is named', async () => {
    const { origin } = await secureServer('good');
    const { status, stdout, stderr } = await program(['doctor', '--token-url', `${origin}/token`]);
    expect(status).toBe(3);
    expect(stdout).toContain('[certificate-untrusted]');
    expect(stdout).toContain('--ca FILE');
    // Nothing was sent.
    expect(stderr).toBe('');
  });

  test.each([
    ['plain http beyond this machine', ['--token-url', 'http://auth.example.org/token'], '--insecure'],
    ['a device without its file', ['--device', 'pump'], 'DEVICES'],
    ['a message without a device', message, 'DEVICES'],
    ['a device that does not exist', ['-', '--device', 'nobody'], 'DEVICE_NOT_FOUND'],
    ['a payload that is not JSON', ['-', '--message-type', 'climate', '--payload', '{'], 'not valid JSON'],
    ['a certificate without its key', ['--cert', 'x'], '--cert needs --key'],
  ])('%s is 2, and nothing is sent', async (_what, args, says) => {
    const { platform, where } = await platformWith();
    const given = args.includes('--token-url') ? args : [...args, ...where];
    const { status, stdout, stderr } = await program(['doctor', ...given], { input: csvOf(rows) });
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(says);
    expect(platform.counts).toMatchObject({ logins: 0, refused: 0 });
  });

  test('a config file that would send passwords elsewhere is 2', () =>
    inTemporaryFolder(async (folder) => {
      for (const key of ['token-url', 'insecure', 'ca', 'payload']) {
        await writeFile(join(folder, 'biotz-postman.config.json'), JSON.stringify({ [key]: 'x' }));
        const { status, stderr } = await program(['doctor'], { cwd: folder });
        expect(status).toBe(2);
        expect(stderr).toContain(`"${key}" may not come from a config file`);
      }
    }));
});

test('the chosen device is logged in', async () => {
  const { where } = await platformWith();
  const { report } = await jsonOf(['-', '--device', 'pump', ...where], { input: csvOf(rows) });
  expect(report.token?.claims['preferred_username']).toBe(complete({}, 1).username);
});

test('a password that is one of our own words does not mask those words', async () => {
  const row = complete({ password: 'openid' }, 0);
  const { where } = await platformWith('keycloak-26', [row]);
  const { status, stdout } = await program(['doctor', '-', ...where], { input: csvOf([row]) });
  expect(status).toBe(0);
  expect(stdout).toContain(', scope openid\n');
});

test("the server's answer is redacted and made harmless", async () => {
  const server = await startTokenServer();
  try {
    const input = csvOf([{ id: 'echo-1', username: 'echo-1', password: 'Zx9CanaryQ7 "é' }]);
    for (const format of ['text', 'json']) {
      const args = ['doctor', '-', '--token-url', server.tokenUrl, '--format', format];
      const { status, stdout, stderr } = await program(args, { input });
      expect(status).toBe(1);
      expect(stdout).toContain('[not shown, length ');
      expect(stdout + stderr).not.toContain('Canary');
    }
  } finally {
    await server.close();
  }
});
