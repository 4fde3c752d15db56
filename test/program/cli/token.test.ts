import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readdir, readFile, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { decodeJwt } from 'jose';
import type { Behaviour } from '../../../src/stand-in/behaviour.js';
import type { StandIn } from '../../../src/stand-in/server.js';
import { startStandIn } from '../../../src/stand-in/server.js';
import { Secret } from '../../../src/secret/secret.js';
import { startTokenServer } from '../../unit/newman/token-server.js';
import type { Row } from './fleet.js';
import { complete, csvOf } from './fleet.js';
import type { Calling } from '../../support/program.js';
import { inTemporaryFolder } from '../../support/folder.js';
import { program } from '../../support/program.js';

const fleet: readonly Row[] = [{ name: 'pump' }, { password: 'canary x{{y}} & = é "' }, { name: 'valve' }];
const users = fleet
  .map((row, index) => complete(row, index))
  .map(({ username, password }) => ({ username, password: new Secret(password) }));

const platforms = new Map<Behaviour, StandIn>();
beforeAll(async () => {
  for (const behaviour of ['gateway', 'keycloak-26', 'keycloak-21'] as const)
    platforms.set(behaviour, await startStandIn({ devices: users, behaviour }));
});
afterAll(async () => {
  for (const platform of platforms.values()) await platform.close();
});

function platformOf(behaviour: Behaviour = 'keycloak-26'): StandIn {
  const platform = platforms.get(behaviour);
  if (platform === undefined) throw new Error(`${behaviour} was not started`);
  return platform;
}

const token = (args: readonly string[], calling: Calling = {}, behaviour?: Behaviour) =>
  program(['token', ...args, '--token-url', platformOf(behaviour).tokenUrl], {
    input: csvOf(fleet),
    ...calling,
  });

const usernameIn = (jwt: string) => decodeJwt(jwt.trim())['preferred_username'];

describe('one device', () => {
  test('gives its id_token alone on standard output', async () => {
    const { status, stdout, stderr } = await token(['-', '--device', 'pump']);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^eyJ[\w-]+\.[\w-]+\.[\w-]+\n$/);
    expect(usernameIn(stdout)).toBe(users[0]?.username);
    expect(stderr).not.toMatch(/eyJ|canary/);
  });

  test('may be the only one of the file, whatever its password', async () => {
    const [, awkward = {}] = fleet.map(complete);
    const { stdout } = await token(['-'], { input: csvOf([awkward]) });
    expect(usernameIn(stdout)).toBe(users[1]?.username);
  });

  test('has to be named where there are several', async () => {
    const { status, stdout, stderr } = await token(['-']);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain('3 devices');
  });

  test.each([
    ['access', 'raw', /^eyJ[\w.-]+\n$/],
    ['refresh', 'raw', /^eyJ[\w.-]+\n$/],
    ['id', 'header', /^Authorization: Bearer eyJ[\w.-]+\n$/],
    ['id', 'dotenv', /^ID_TOKEN=eyJ[\w.-]+\n$/],
    ['refresh', 'dotenv', /^REFRESH_TOKEN=eyJ[\w.-]+\n$/],
  ])('%s token as %s', async (name, format, expected) => {
    const { stdout } = await token(['-', '--device', 'pump', '--token', name, '--format', format]);
    expect(stdout).toMatch(expected);
  });

  test('as JSON, with everything that is known', async () => {
    const { stdout } = await token(['-', '--device', 'pump', '--format', 'json']);
    expect(JSON.parse(stdout)).toEqual({
      device_id: complete({}, 0).id,
      device_name: 'pump',
      username: users[0]?.username,
      id_token: expect.stringMatching(/^eyJ/),
      access_token: expect.stringMatching(/^eyJ/),
      refresh_token: expect.stringMatching(/^eyJ/),
      token_type: 'Bearer',
      id_token_expires_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    });
  });

  test('as a Postman environment', async () => {
    const { stdout } = await token(['-', '--device', 'pump', '--format', 'postman-environment']);
    const { values } = JSON.parse(stdout) as { values: { key: string; value: string; type: string }[] };
    expect(values.find(({ key }) => key === 'id_token')).toMatchObject({
      value: expect.stringMatching(/^eyJ/),
      type: 'secret',
    });
  });

  test('that is refused prints nothing on standard output, and why on standard error', async () => {
    const { status, stdout, stderr } = await token(['-'], { input: csvOf([{ password: 'canary-wrong' }]) });
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toContain('[invalid-user-credentials]');
    expect(stderr).not.toContain('canary');
  });

  test('does not show its password, though that is in its name', async () => {
    const row = { name: 'pump canary-in-name', password: 'canary-in-name' };
    const { stdout, stderr } = await token(['-'], { input: csvOf([row]) });
    expect(stderr).toContain('[redacted]');
    expect(stdout + stderr).not.toContain('canary');
  });

  test('prints nothing if the server does not answer', async () => {
    const { status, stdout } = await program(
      [
        'token',
        '-',
        '--device',
        'pump',
        '--token-url',
        'http://127.0.0.1:9/realms/x/protocol/openid-connect/token',
      ],
      { input: csvOf(fleet) },
    );
    expect({ status, stdout }).toEqual({ status: 3, stdout: '' });
  });
});

describe('a user who is in no file', () => {
  const [user = { username: '', password: new Secret('') }] = users;

  test.each<[string, Calling]>([
    ['BIOTZ_PASSWORD', { env: { BIOTZ_PASSWORD: user.password.reveal() }, input: '' }],
    ['standard input', { input: `${user.password.reveal()}\n` }],
  ])('gives the password by %s', async (_where, calling) => {
    const { status, stdout } = await token(['--username', user.username], calling);
    expect(status).toBe(0);
    expect(usernameIn(stdout)).toBe(user.username);
  });

  test('never by an argument', async () => {
    const { status, stderr } = await token(['--username', user.username, '--password', 'canary'], {
      input: '',
    });
    expect(status).toBe(2);
    expect(stderr).not.toContain('canary');
  });

  test('is named without a place where the password is wrong', async () => {
    const { status, stderr } = await token(['--username', 'user-1'], { input: 'canary\n' });
    expect(status).toBe(1);
    expect(stderr).toContain('\n    user-1, Get token (HTTP 401)\n');
  });

  test('has to have one', async () => {
    expect((await token(['--username', user.username], { input: '' })).status).toBe(2);
  });
});

describe('the fleet', () => {
  test('is checked without keeping a token', () =>
    inTemporaryFolder(async (cwd) => {
      const { status, stdout, stderr } = await token(['-', '--all'], { cwd });
      expect(status).toBe(0);
      expect(stdout).toContain('3 read, 0 skipped, 3 attempted, 3 passed, 0 failed, 0 not attempted');
      const journal = await readFile(join(cwd, 'biotz-report/journal.ndjson'), 'utf8');
      expect(stdout + stderr + journal).not.toMatch(/eyJ|canary/);
      expect(await readdir(cwd)).toEqual(['biotz-report']);
    }));

  test.each(['tokens.ndjson', 'tokens.json'])('keeps its tokens in %s, closed to other users', (name) =>
    inTemporaryFolder(async (cwd) => {
      const { status } = await token(['-', '--all', '--out', name], { cwd });
      expect(status).toBe(0);
      const text = await readFile(join(cwd, name), 'utf8');
      const records = (
        name.endsWith('.json')
          ? JSON.parse(text)
          : text
              .split('\n')
              .filter(Boolean)
              .map((line) => JSON.parse(line) as unknown)
      ) as { id_token: string; username: string }[];
      expect(records.map(({ username }) => username).toSorted()).toEqual(
        users.map(({ username }) => username).toSorted(),
      );
      expect(records.every(({ id_token, username }) => usernameIn(id_token) === username)).toBe(true);
      expect((await stat(join(cwd, name))).mode & 0o777).toBe(0o600);
    }),
  );

  test('leaves no session behind with --end-sessions', () =>
    inTemporaryFolder(async (cwd) => {
      const before = platformOf().counts.logouts;
      expect((await token(['-', '--all', '--end-sessions'], { cwd })).status).toBe(0);
      expect(platformOf().counts.logouts - before).toBe(3);
    }));

  test('tells who cannot log in, with the same reasons, reports and statuses as run', () =>
    inTemporaryFolder(async (cwd) => {
      const rows = [...fleet, { id: 'stranger', name: 'unknown', password: 'canary-stranger' }];
      const reports = ['--reporters', 'cli,json,junit,ndjson'];
      const { status, stdout } = await token(['-', '--all', ...reports], { cwd, input: csvOf(rows) });
      expect(status).toBe(1);
      expect(stdout).toContain('[invalid-user-credentials]');
      const report = await readFile(join(cwd, 'biotz-report/report.json'), 'utf8');
      expect(JSON.parse(report)).toMatchObject({ command: 'token', counts: { passed: 3, failed: 1 } });
    }));

  test('is resumed after a kill', () =>
    inTemporaryFolder(async (cwd) => {
      const server = await startTokenServer();
      try {
        const rows = Array.from({ length: 2000 }, (_, index) => ({
          id: `ok-${index}`,
          username: `ok-${index}`,
        }));
        const args = ['token', '-', '--all', '--no-verify', '--token-url', server.tokenUrl];
        const calling = { cwd, input: csvOf(rows) };
        const killed = await program([...args, '--concurrency', '8'], {
          ...calling,
          killAfter: server.reached(500),
        });
        expect(killed.status).toBeNull();
        const { status, stdout } = await program([...args, '--resume'], calling);
        expect(status).toBe(0);
        expect(stdout).toContain('2000 attempted, 2000 passed');
        // What was in flight was sent twice, and nothing else.
        expect(server.usernames.length - 2000).toBeLessThanOrEqual(8);
        expect(new Set(server.usernames).size).toBe(2000);
      } finally {
        await server.close();
      }
    }));
});

describe('--body auto asks the server', () => {
  test.each([
    ['gateway', 'formdata', 'body'],
    ['keycloak-26', 'formdata', 'basic'],
    ['keycloak-21', 'urlencoded', 'body'],
  ] as const)('%s reads %s with the client in %s', async (behaviour, body, clientAuth) => {
    await inTemporaryFolder(async (cwd) => {
      const says = `--body ${body} --client-auth ${clientAuth}`;
      const logins = await token(['-', '--all', '--body', 'auto'], { cwd }, behaviour);
      expect(logins.status).toBe(0);
      expect(logins.stderr).toContain(says);
      const run = await program(
        ['run', '-', '--body', 'auto', '--token-url', platformOf(behaviour).tokenUrl],
        {
          cwd,
          input: csvOf(fleet),
        },
      );
      expect(run.status).toBe(0);
      expect(run.stderr).toContain(says);
    });
  });

  test('and nothing is sent where the client is unknown', async () => {
    const before = platformOf().counts.logins;
    const { status, stderr } = await token([
      '-',
      '--all',
      '--body',
      'auto',
      '--client-id',
      'nobody',
      '--no-verify',
    ]);
    expect(status).toBe(3);
    expect(stderr).toContain('[client-unknown]');
    expect(platformOf().counts.logins).toBe(before);
  });
});

describe('status 2 means that nothing was sent', () => {
  /** A server that answers everything with this, and counts. */
  async function answering(document: object, use: (origin: string, sent: () => number) => Promise<void>) {
    let sent = 0;
    const server = createServer((_request, response) => {
      sent += 1;
      response.end(JSON.stringify(document));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, () => sent);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  }
  const logIn = (tokenUrl: string, ...args: readonly string[]) =>
    program(['token', '-', '--device', 'pump', '--token-url', tokenUrl, ...args], { input: csvOf(fleet) });

  test('so a description that cannot be believed ends with 3', () =>
    answering({ issuer: 'https://elsewhere.example.org' }, async (origin, sent) => {
      const { status, stderr } = await logIn(`${origin}/realms/r/protocol/openid-connect/token`);
      expect({ status, sent: sent() }).toEqual({ status: 3, sent: 1 });
      expect(stderr).toContain('[DISCOVERY_REFUSED]');
    }));

  test('so a token that the server did not give ends with 3', () => {
    const idToken = `${Buffer.from('{}').toString('base64url')}.${Buffer.from('{"exp":4e9}').toString('base64url')}.c2ln`;
    const answer = { access_token: 'a', token_type: 'Bearer', id_token: idToken };
    return answering(answer, async (origin) => {
      const { status, stderr } = await logIn(`${origin}/token`, '--no-verify', '--token', 'refresh');
      expect(status).toBe(3);
      expect(stderr).toContain('[TOKEN_MISSING]');
    });
  });

  test('so a journal of another run ends with 3 if the server was asked before it was read', () =>
    inTemporaryFolder(async (cwd) => {
      const devices = (rows: readonly Row[]) => ({ cwd, input: csvOf(rows) });
      expect((await token(['-', '--all'], devices(fleet))).status).toBe(0);
      const other = await token(['-', '--all', '--resume'], devices([{ name: 'other' }]));
      expect(other).toMatchObject({ status: 3, stderr: expect.stringContaining('[JOURNAL_FOREIGN]') });
      const unasked = await token(['-', '--all', '--resume', '--no-verify'], devices([{ name: 'other' }]));
      expect(unasked).toMatchObject({ status: 2, stderr: expect.stringContaining('[JOURNAL_FOREIGN]') });
    }));

  test('and a token URL without a realm ends with 2 before --body auto asks', () =>
    answering({}, async (origin, sent) => {
      const { status, stderr } = await logIn(`${origin}/token`, '--body', 'auto');
      expect({ status, sent: sent() }).toEqual({ status: 2, sent: 0 });
      expect(stderr).toContain('[REALM_UNKNOWN]');
    }));
});

describe('what does not go together is reported before anything is sent', () => {
  test.each([
    [[]],
    [['-', '--username', 'x']],
    [['-', '--all', '--device', 'pump']],
    [['-', '--out', 'tokens.json', '--device', 'pump']],
    [['-', '--all', '--format', 'header']],
    [['-', '--device', 'pump', '--cert', 'x.pem']],
    [['-', '--all', '--concurrency', '5000']],
    [['-', '--all', '--out', 'tokens.json', '--resume']],
    [['-', '--device', 'pump', '--shard', '1/2']],
    [['-', '--device', 'pump', '--resume']],
  ])('%j', async (args) => {
    const { status, stdout } = await token(args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  });
});
