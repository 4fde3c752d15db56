import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { StandIn } from '../../../src/stand-in/server.js';
import { startStandIn } from '../../../src/stand-in/server.js';
import type { Behaviour } from '../../../src/stand-in/behaviour.js';
import { Secret } from '../../../src/secret/secret.js';
import type { Row } from './fleet.js';
import { complete, csvOf, writeCsv } from './fleet.js';
import { startTokenServer } from '../../unit/newman/token-server.js';
import { inTemporaryFolder } from '../../support/folder.js';
import { node, program } from '../../support/program.js';

const fleet: readonly Row[] = [
  {},
  { password: 'canary {{client_id}} {{$guid}}' },
  { password: ' canary 00123 ' },
  { name: '::error::\u001b[31mred', password: 'canary-é&=+%;"\n\'<>' },
];
const users = fleet
  .map((row, index) => complete(row, index))
  .map(({ username, password }) => ({ username, password: new Secret(password) }));

const platforms = new Map<Behaviour, StandIn>();
beforeAll(async () => {
  for (const behaviour of ['gateway', 'keycloak-26', 'keycloak-21'] as const) {
    platforms.set(behaviour, await startStandIn({ devices: users, behaviour }));
  }
});
afterAll(async () => {
  for (const platform of platforms.values()) await platform.close();
});

function platformArguments(behaviour: Behaviour = 'gateway'): string[] {
  const platform = platforms.get(behaviour);
  if (platform === undefined) throw new Error(`${behaviour} was not started`);
  return ['--token-url', platform.tokenUrl, '--ingestion-url', platform.ingestionUrl];
}

const runRows = (rows: readonly Row[], args: readonly string[] = [], behaviour?: Behaviour) =>
  program(['run', '-', ...platformArguments(behaviour), ...args], { input: csvOf(rows) });

test('a fleet with every kind of password logs in', async () => {
  const { status, stdout } = await runRows(fleet);
  expect(stdout).toContain('4 read, 0 skipped, 4 attempted, 4 passed, 0 failed, 0 not attempted');
  expect(status).toBe(0);
});

test('and publishes', async () => {
  const { status, stdout } = await runRows(fleet, [
    '--message-type',
    'climate',
    '--payload',
    '{"temp":"{{device_id}}"}',
  ]);
  expect(stdout).toContain('4 passed');
  expect(status).toBe(0);
});

test('a payload can come from a file', () =>
  inTemporaryFolder(async (folder) => {
    await writeFile(join(folder, 'message.json'), '{"temp":25.6}');
    const message = ['--message-type', 'climate', '--payload', `@${join(folder, 'message.json')}`];
    expect((await runRows(fleet, message)).status).toBe(0);
  }));

test('a wrong password is told with its line, its reason and what to do, and ends with status 1', async () => {
  const { status, stdout, stderr } = await runRows([
    ...fleet.slice(0, 3),
    { id: 'stranger', name: 'valve', created: 'Yes' },
    { created: 'No' },
  ]);
  expect(status).toBe(1);
  expect(stdout).toContain('5 read, 1 skipped, 4 attempted, 3 passed, 1 failed, 0 not attempted');
  expect(stdout).toContain('[invalid-user-credentials]');
  expect(stdout).toMatch(/<stdin>:\d+ valve \(stranger\), Get token \(HTTP 401\)/);
  expect(stdout + stderr).not.toMatch(/canary|eyJ/);
});

test("what a device's name would do to a terminal or CI log is made harmless", async () => {
  const { stdout } = await runRows([{ id: 'stranger', name: '::error::\u001b[31mred\u202e' }]);
  for (const dangerous of ['\u001b', '\u202e', '::']) expect(stdout).not.toContain(dangerous);
  expect(stdout).toContain(': :error: :\\u{1b}[31mred');
});

describe('a server that does not read form-data', () => {
  test.each(['keycloak-26', 'keycloak-21'] as const)('is recognised: %s', async (behaviour) => {
    const { status, stdout } = await runRows(fleet, [], behaviour);
    expect(status).toBe(1);
    expect(stdout).toContain('[form-data-not-read]');
    expect(stdout).toContain('client_auth');
    expect(stdout).toContain('body_mode');
  });

  test.each([
    ['keycloak-26', ['--client-auth', 'basic'], 0],
    ['keycloak-26', ['--body', 'urlencoded'], 0],
    ['keycloak-21', ['--body', 'urlencoded'], 0],
    ['keycloak-21', ['--client-auth', 'basic'], 1],
  ] as const)('%s with %j ends with %i', async (behaviour, args, expected) => {
    expect((await runRows(fleet, args, behaviour)).status).toBe(expected);
  });
});

describe('nothing is sent', () => {
  const loginsOf = () => platforms.get('gateway')?.counts.logins;
  test.each([
    ['when a row is wrong', [...fleet, { password: '' }]],
    ['when there is no device', []],
    ['when no device was created', [{ created: 'No' }]],
  ])('%s', async (_when, rows) => {
    const before = loginsOf();
    const { status, stdout } = await runRows(rows);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(loginsOf()).toBe(before);
  });
});

test('a server that does not answer ends with status 3', async () => {
  const { status, stdout } = await program(['run', '-', '--token-url', 'http://127.0.0.1:9/'], {
    input: csvOf(fleet),
  });
  expect(status).toBe(3);
  expect(stdout).toContain('[connection-refused]');
});

test('SIGINT keeps what is done, and ends with status 130', async () => {
  let begun: () => void = () => undefined;
  const third = new Promise<void>((resolve) => (begun = resolve));
  const server = await startTokenServer({ onRequest: (count) => count === 3 && begun() });
  try {
    const rows = Array.from({ length: 5000 }, (_, index) => ({ id: `many-${index}` }));
    const { status, stdout } = await program(['run', '-', '--token-url', server.tokenUrl], {
      input: csvOf(rows),
      interruptAfter: third,
    });
    expect(status).toBe(130);
    const [, attempted, passed, left] =
      /5000 read, 0 skipped, (\d+) attempted, (\d+) passed, 0 failed, (\d+) not attempted/.exec(stdout) ?? [];
    expect(Number(attempted) + Number(left)).toBe(5000);
    expect(passed).toBe(attempted);
    // Each attempted device was sent once.
    expect(server.bodies).toHaveLength(Number(attempted));
    expect(Number(left)).toBeGreaterThan(0);
  } finally {
    await server.close();
  }
});

describe('files of one’s own', () => {
  const schema = 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json';

  test('a changed collection is run as it is', () =>
    inTemporaryFolder(async (folder) => {
      const out = join(folder, 'o');
      const file = await writeCsv(folder, fleet);
      await program(['generate', file, '--out', out, ...platformArguments('keycloak-26')]);
      const collection = join(out, 'biotz.postman_collection.json');
      const environment = join(out, 'biotz.shared.postman_environment.json');
      const changed = (await readFile(collection, 'utf8')).replace('"Get token"', '"Log in"');
      await writeFile(collection, changed);
      const own = [
        'run',
        file,
        '--collection',
        collection,
        '--environment',
        environment,
        '--folder',
        'Log in',
      ];
      const refused = await program(own);
      expect(refused.status).toBe(1);
      expect(refused.stdout).toContain('[form-data-not-read]');
      // The switches of its own pre-request script work here too, and so does a password with variables in it.
      expect((await program([...own, '--body', 'urlencoded'])).status).toBe(0);
      expect((await program([...own, '--env-var', 'client_auth=basic'])).status).toBe(0);
    }));

  test.each([
    ['no JSON', 'canary', 'not valid JSON'],
    ['no collection', '{}', 'not a Postman collection'],
    ['a collection without requests', JSON.stringify({ info: { schema }, item: [] }), 'no request'],
    [
      'the newer YAML-born format',
      JSON.stringify({ info: { schema: 'x/v3.0.0/y' }, item: [] }),
      'a collection of format 3',
    ],
  ])('%s is refused', (_what, text, says) =>
    inTemporaryFolder(async (folder) => {
      const collection = join(folder, 'own.json');
      await writeFile(collection, text);
      const { status, stderr } = await runRows(fleet, ['--collection', collection]);
      expect(status).toBe(2);
      expect(stderr).toContain(says);
      expect(stderr).not.toContain('canary');
    }),
  );
});

describe.each(['blank', 'vault'])('plain Newman with an environment whose secrets are %s', (secrets) => {
  const newman = createRequire(import.meta.url).resolve('newman/bin/newman.js');

  test('runs the generated files with one iteration a device, whose own values count', () =>
    inTemporaryFolder(async (folder) => {
      const out = join(folder, 'o');
      // Values with {{…}} are altered by plain Newman in a form-data body; check warns of them.
      const rows = fleet.map(complete).filter(({ password }) => !password.includes('{{'));
      const file = await writeCsv(folder, rows);
      const how = ['--out', out, '--secrets', secrets, '--message-type', 'climate'];
      await program(['generate', file, ...how, ...platformArguments()]);
      const environment = join(out, 'biotz.shared.postman_environment.json');
      expect((await readFile(environment, 'utf8')).includes('{{vault:biotz-password}}')).toBe(
        secrets === 'vault',
      );
      const { status, stdout } = await node([
        newman,
        'run',
        join(out, 'biotz.postman_collection.json'),
        '-e',
        environment,
        '-d',
        join(out, 'private/devices.data.json'),
      ]);
      expect(stdout).toMatch(new RegExp(`iterations │\\s+${rows.length} │\\s+0 `));
      expect(status).toBe(0);
      const ours = await program([
        'run',
        file,
        '--environment',
        environment,
        '--report-dir',
        join(folder, 'r'),
      ]);
      expect({ status: ours.status, notes: ours.stderr }).toMatchObject({ status: 0 });
    }));
});
