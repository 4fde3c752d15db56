import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { commandOptions, commonOptions } from '../../../src/cli/options/options.js';
import { Secret } from '../../../src/secret/secret.js';
import type { StandIn } from '../../../src/stand-in/server.js';
import { startStandIn } from '../../../src/stand-in/server.js';
import { complete, writeCsv } from '../cli/fleet.js';
import { inTemporaryFolder, temporaryFolder } from '../../support/folder.js';
import { bin, spawnProgram as program, shell } from '../../support/program.js';
import { git } from '../git/repository.js';
import { KEY, startPostmanApi, WORKSPACE } from '../../unit/workspace/postman-api.js';
import { commandsOf, namesIn, readPages } from './examples.js';

const rows = ['pump-7', 'pump', 'valve', 'gate', 'meter'].map((name) => ({ name }));
const fixture = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url));
const pages = await readPages();

let platform: StandIn;
let env: Record<string, string>;
/** Everything that an example may name; each gets a copy of it. */
let prepared: string;
/** What finished runs have left. */
let finished: string;
let recipient: string;

beforeAll(async () => {
  const devices = rows.map((row, at) => complete(row, at));
  platform = await startStandIn({
    devices: devices.map(({ username, password }) => ({ username, password: new Secret(password) })),
    behaviour: 'gateway',
    signingAlg: 'ES256',
  });
  prepared = await temporaryFolder();
  env = {
    PATH: `${join(prepared, 'bin')}:${process.env['PATH']}`,
    BIOTZ_TOKEN_URL: platform.tokenUrl,
    BIOTZ_INGESTION_URL: platform.ingestionUrl,
    BIOTZ_PASSWORD: devices[0]?.password ?? '',
    POSTMAN_API_KEY: KEY,
    WORKSPACE,
    CI_NODE_INDEX: '2',
    CI_NODE_TOTAL: '3',
  };
  await mkdir(join(prepared, 'bin'));
  const script = `#!/bin/sh\nexec "${process.execPath}" "${bin}" "$@"\n`;
  await writeFile(join(prepared, 'bin/biotz-postman'), script, { mode: 0o755 });
  await writeCsv(prepared, rows);
  for (const name of ['api.yaml', 'developer-api.yaml'])
    await cp(fixture('test/fixtures/openapi/developer.yaml'), join(prepared, name));
  await cp(fixture('generated'), join(prepared, 'generated'), { recursive: true });
  await cp(
    fixture('generated/biotz.shared.postman_environment.json'),
    join(prepared, 'biotz.shared.postman_environment.json'),
  );
  await writeFile(join(prepared, 'report.json'), '{"password": "canary-of-a-report"}');
  await git(prepared, 'init', '--quiet');
  await writeFile(join(prepared, '.gitignore'), 'devices.csv\n*.txt\nprivate/\nbiotz-report/\nshard-*/\n');
  const made = await program(['share', 'keygen'], { cwd: prepared });
  recipient = made.stdout.trim();
  await cp(join(prepared, 'biotz.identity.txt'), join(prepared, 'key.txt'));
  await writeFile(join(prepared, 'team.txt'), `${recipient}\n`);
  await program(['share', 'devices.csv', '--to', recipient], { cwd: prepared });
  await mkdir(join(prepared, 'fleet'));
  await cp(join(prepared, 'devices.csv.age'), join(prepared, 'fleet/all.csv.age'));
  if (made.status !== 0) throw new Error(made.stderr);
  finished = await temporaryFolder();
  await writeCsv(finished, rows);
  for (const args of [
    ['run', 'devices.csv'],
    ['token', 'devices.csv', '--all', '--report-dir', 'shard-1'],
  ]) {
    const { status, stderr } = await program(args, { cwd: finished, env });
    if (status !== 0) throw new Error(stderr);
  }
});
afterAll(() => platform.close());

/** An example without what stands for something in it, and with an answer to what a terminal would ask. */
const concrete = (command: string) =>
  command
    .replace('token …', 'token devices.csv --device pump-7')
    .replace(/JOURNAL\S*|shard-\*/, 'shard-1')
    .replace(/FILE|DEVICES/, 'devices.csv')
    .replace('<command>', 'check')
    .replace(/^biotz-postman (?:init|push)(?!.*--(?:dry-run|yes))[^#]*/, '$& --yes ');

const runnable = (command: string) =>
  command
    .replace('age1…', recipient)
    .replace('pump-7@…', complete({}, 0).username)
    .replace(/https:\/\/auth\.example\.org\S+/, platform.tokenUrl);

/** The words of a command line after the program's name. Only a shell can run one that has more than words in it. */
function plainWordsOf(command: string): string[] | undefined {
  const words = /^biotz-postman((?: +(?:[\w./:=@,%+-]+|'[^']*'))+)$/
    .exec(command)?.[1]
    ?.match(/'[^']*'|[^\s']+/g);
  return words?.map((word) => word.replace(/^'(.*)'$/, '$1'));
}

/** What has to have run before an example, by what it leaves: made once, and copied. */
const before: Readonly<Record<string, string>> = { '--resume': 'biotz-report', 'report merge': 'shard-1' };

/** Files that an example makes. */
const made: Readonly<Record<string, string>> = {
  'share keygen': 'biotz.identity.txt',
  'share devices.csv ': 'devices.csv.age',
  generate: 'generated',
};

const inPreparedFolder = <T>(use: (folder: string) => Promise<T>) =>
  inTemporaryFolder(async (folder) => {
    await cp(prepared, folder, { recursive: true });
    return use(folder);
  });

describe('an example of README or docs runs', () => {
  test.each([...new Set(commandsOf(pages).map(concrete))])('%s', (command) =>
    inPreparedFolder(async (folder) => {
      const entryOf = (table: Readonly<Record<string, string>>) =>
        Object.entries(table).find(([words]) => command.includes(words))?.[1];
      const file = entryOf(made);
      if (file !== undefined) await rm(join(folder, file), { recursive: true });
      const left = entryOf(before);
      if (left !== undefined) await cp(join(finished, left), join(folder, left), { recursive: true });
      const postman = command.includes('push') ? await startPostmanApi() : undefined;
      const calling = {
        cwd: folder,
        env: { ...env, ...(postman && { BIOTZ_POSTMAN_API_URL: postman.url }) },
      };
      const args = plainWordsOf(runnable(command));
      const { status, stderr } = await (args === undefined
        ? shell(runnable(command), [], calling)
        : program(args, calling));
      // 1: a scan has found the passwords that lie here.
      const accepted = command.includes('share check') ? [0, 1] : [0];
      expect({ status: accepted.includes(status ?? -1) ? 0 : status, stderr }).toEqual({ status: 0, stderr });
    }),
  );
});

const configs = pages
  .flatMap(({ blocks }) => blocks)
  .filter(({ language, page }) => language === 'json' && page === 'docs/configuration.md');

test('docs/configuration.md has an example of a config file', () => {
  expect(configs).not.toHaveLength(0);
});

describe.each(configs)('the config file of $page', ({ text }) => {
  test.each([
    ['check', 'devices.csv'],
    ['generate', 'devices.csv', '--out', 'out'],
    ['run', 'devices.csv'],
    ['run', 'devices.csv', '--message-type', 'climate', '--payload', '{"temp":25.6}'],
    ['token', 'devices.csv', '--all'],
  ])('serves %s', (...args) =>
    inPreparedFolder(async (folder) => {
      await writeFile(join(folder, 'biotz-postman.config.json'), text);
      const { status, stderr } = await program(args, { cwd: folder, env });
      expect({ status, stderr }).toEqual({ status: 0, stderr });
    }),
  );
});

test('every JSON block of README and docs is JSON', () => {
  const blocks = pages.flatMap((page) => page.blocks).filter(({ language }) => language === 'json');
  expect(blocks.map(({ text }) => typeof JSON.parse(text))).toEqual(blocks.map(() => 'object'));
});

describe('README and docs name only options that exist', () => {
  const known = new Set(
    [...Object.values(commandOptions), commonOptions].flatMap((table) => Object.keys(table)),
  );
  const { options, variables } = namesIn(pages);
  const foreign = new Set(
    (
      'help version form save-dev ignore-scripts omit experimental-vm-modules offline json-file-path env output ' +
      'heap-growing-percent inspect heapsnapshot report-on abort-on-uncaught-exception tls-keylog require import ' +
      'trace-event-categories use-openssl-ca use-system-ca tls-cipher-list tls-min-v1 heap-prof cpu-prof'
    ).split(' '),
  );

  test('on the command line', () => {
    const unknown = [...options].filter((name) => !known.has(name.replace(/^no-/, '')) && !foreign.has(name));
    expect(unknown).toEqual([]);
  });

  test('in the environment', () => {
    const others = new Set(['PASSWORD', 'AGE_IDENTITY', 'AGE_PASSPHRASE', 'KEY_PASSPHRASE', 'POSTMAN_CACHE']);
    const unknown = [...variables].filter(
      (name) => !known.has(name.toLowerCase().replaceAll('_', '-')) && !others.has(name),
    );
    expect(unknown).toEqual([]);
  });
});
