import { describe, expect, test } from '@jest/globals';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Options } from 'yargs';
import { valuesFromEnvironment } from '../../../src/cli/options/config.js';
import { removeEmptyVariables } from '../../../src/cli/options/raw-arguments.js';
import { commandOptions, commonOptions } from '../../../src/cli/options/options.js';
import { csvOf, writeCsv } from './fleet.js';
import { inTemporaryFolder } from '../../support/folder.js';
import { program } from '../../support/program.js';
import { many, reportIn, rowsOf, runFleet, withServer } from './run-fleet.js';

const options: Readonly<Record<string, Options>> = Object.assign(
  {},
  ...Object.values(commandOptions),
  commonOptions,
) as Record<string, Options>;
const variables = [
  ...Object.keys(options).map((name) => `BIOTZ_${name.toUpperCase().replaceAll('-', '_')}`),
  'BIOTZ_PASSWORD',
  'BIOTZ_AGE_IDENTITY',
  'BIOTZ_AGE_PASSPHRASE',
  'BIOTZ_KEY_PASSPHRASE',
  'POSTMAN_API_KEY',
  'CI',
  'NO_COLOR',
  'TERM',
  'NODE_DEBUG',
  'NODE_OPTIONS',
  'NODE_TLS_REJECT_UNAUTHORIZED',
  'CI_NODE_INDEX',
  'CI_NODE_TOTAL',
  'JOB_COMPLETION_INDEX',
  'https_proxy',
  'HTTPS_PROXY',
  'no_proxy',
  'NO_PROXY',
];
const empty = Object.fromEntries(variables.map((name) => [name, '']));

test.each(Object.keys(options))(
  'an empty variable of --%s is an unset one, and so is one of spaces',
  (name) => {
    for (const value of ['', ' \t']) {
      const environment = { [`BIOTZ_${name.toUpperCase().replaceAll('-', '_')}`]: value };
      removeEmptyVariables(environment);
      expect(valuesFromEnvironment({ [name]: options[name] ?? {} }, environment)).toEqual({});
    }
  },
);

test('passwords may consist of spaces, and git reads its own variables', () => {
  const environment = {
    BIOTZ_PASSWORD: ' ',
    BIOTZ_AGE_PASSPHRASE: ' ',
    GIT_CONFIG_GLOBAL: '',
    HTTP_PROXY: '',
  };
  removeEmptyVariables(environment);
  expect(environment).toEqual({ BIOTZ_PASSWORD: ' ', BIOTZ_AGE_PASSPHRASE: ' ', GIT_CONFIG_GLOBAL: '' });
});

test('an item of a list that is empty is left out', () => {
  const table = { device: { array: true } };
  expect(valuesFromEnvironment(table, { BIOTZ_DEVICE: 'pump,,' })).toEqual({ device: ['pump'] });
  expect(valuesFromEnvironment(table, { BIOTZ_DEVICE: ',' })).toEqual({});
});

describe('with every variable empty, the outcome is the one with none of them', () => {
  test.each([
    ['check', ['check', 'devices.csv']],
    ['generate', ['generate', 'devices.csv']],
    ['snippet', ['snippet', 'devices.csv']],
    [
      'a run without a way to its server',
      ['run', 'devices.csv', '--token-url', 'https://127.0.0.1:1/', '--quiet'],
    ],
    ['a password that is asked for', ['token', '--username', 'x', '--token-url', 'https://127.0.0.1:1/']],
    ['a shard that no variable names', ['run', 'devices.csv', '--shard', 'auto']],
    ['encrypting without a recipient', ['share', 'devices.csv']],
    ['scanning', ['share', 'check', '.']],
    ['pushing without a key', ['push']],
    ['merging', ['report', 'merge', 'nothing']],
    ['init', ['init', '--dry-run']],
    ['doctor', ['doctor', '--token-url', 'https://127.0.0.1:1/']],
    ['demo', ['demo', '--devices', '1', '--fail', '2']],
  ])('%s', async (_what, args) => {
    const outcome = (env: Record<string, string>) =>
      inTemporaryFolder(async (folder) => {
        await writeCsv(folder, [{}]);
        const { status, stdout, stderr } = await program(args, { cwd: folder, env });
        const plain = (text: string) => text.replaceAll(/\b\d+(?:\.\d+)? m?s\b|\d+:\d\d/g, 'TIME');
        return { status, stdout: plain(stdout), stderr: plain(stderr) };
      });
    const [withEmpty, without] = await Promise.all([outcome(empty), outcome({})]);
    expect(withEmpty).toEqual(without);
  });

  test('a run beside a finished journal sends every device again', () =>
    withServer(async ({ folder, server }) => {
      const rows = rowsOf(...many(3, 'ok'));
      await runFleet({ folder, server, rows });
      expect(server.usernames).toHaveLength(3);
      const reports = ['--report-dir', join(folder, 'report'), '--reporters', 'json'];
      const { status } = await program(['run', '-', '--token-url', server.tokenUrl, ...reports], {
        input: csvOf(rows),
        cwd: folder,
        env: empty,
      });
      expect(status).toBe(0);
      expect(server.usernames).toHaveLength(6);
      expect((await reportIn(folder)).counts).toMatchObject({ attempted: 3, passed: 3 });
    }));
});

test.each([
  [['check', '']],
  [['run', 'devices.csv', '--shard', '']],
  [['run', 'devices.csv', '--resume=']],
  [['token', 'devices.csv', '--scope= ']],
])('an empty argument is refused, because a script has not set its variable: %j', async (args) => {
  const { status, stderr } = await program(args, { input: csvOf([{}]) });
  expect(status).toBe(2);
  expect(stderr).toMatch(/Argument \d is empty\./);
});

test('an empty value in the config file is refused', () =>
  inTemporaryFolder(async (folder) => {
    await writeFile(join(folder, 'biotz-postman.config.json'), '{"scope":""}');
    const { status, stderr } = await program(['run', await writeCsv(folder, [{}])], { cwd: folder });
    expect(status).toBe(2);
    expect(stderr).toContain('"scope" must be a non-empty string');
  }));
