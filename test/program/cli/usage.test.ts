import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Secret } from '../../../src/secret/secret.js';
import { startStandIn } from '../../../src/stand-in/server.js';
import { complete, csvOf, writeCsv } from './fleet.js';
import { inTemporaryFolder } from '../../support/folder.js';
import { program } from '../../support/program.js';

const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

test('--version prints the version and nothing else', async () => {
  expect(await program(['--version'])).toEqual({ status: 0, stdout: `${version}\n`, stderr: '' });
});

test('--help names every command', async () => {
  const { status, stdout, stderr } = await program(['--help']);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  for (const command of [
    'demo',
    'generate',
    'check',
    'token',
    'doctor',
    'snippet',
    'run',
    'serve',
    'share',
    'init',
    'report',
    'push',
  ])
    expect(stdout).toContain(`biotz-postman ${command}`);
});

test('help says that a collection is code', async () => {
  const { stdout } = await program(['run', '--help']);
  expect(stdout.replace(/\s+/g, ' ')).toContain('A collection is code');
});

describe('a wrong command line ends with status 2, says why on standard error, and shows no stack trace', () => {
  test.each([
    ['no command', [], 'has no command'],
    ['an unknown command behind an option', ['--config', 'x.json', 'chek'], 'demo, generate, check'],
    ['half a command', ['report'], 'Its commands are report merge'],
    ['an unknown command', ['chek', 'devices.csv'], 'demo, generate, check'],
    ['no credentials file', ['check'], 'DEVICES'],
    ['nothing to share', ['share'], 'has no DEVICES'],
    ['one argument too many', ['share', 'keygen', 'x'], 'has one argument too many'],
    [
      'an unknown option',
      ['check', 'devices.csv', '--formt', 'json'],
      '--formt is not an option of this command. Use --format.',
    ],
    ['an option of another command', ['check', 'devices.csv', '--out', 'x'], '--out is not an option'],
    ['an option without its value', ['check', 'devices.csv', '--format'], '--format needs a value'],
    ['an option that is no switch', ['generate', 'devices.csv', '--no-out'], '--out needs a value'],
    ['a switch with a value', ['push', '--dry-run=yes'], '--dry-run is a switch'],
    ['a dot in an option', ['generate', 'devices.csv', '--out.x=y'], 'not an option of this command'],
    ['a value that is no choice', ['check', 'devices.csv', '--format', 'xml'], '--format must be one of'],
    ['an option given twice', ['generate', 'devices.csv', '--out', 'a', '--out', 'b'], 'more than once'],
    ['a word in place of a number', ['run', 'devices.csv', '--timeout-request', 'soon'], '--timeout-request'],
    ['a timeout of nothing', ['run', 'devices.csv', '--timeout-request', '0'], '--timeout-request'],
    ['a payload without its message type', ['run', 'devices.csv', '--payload', '{}'], '--message-type'],
    [
      'a message type without its payload',
      ['run', 'x.csv', '--message-type', 'temp'],
      '--message-type needs --payload',
    ],
    [
      'an invalid message type',
      ['run', 'x.csv', '--message-type', 'Temp!', '--payload', '{}'],
      'internal name',
    ],
    [
      'a payload that is not JSON',
      ['run', 'x.csv', '--message-type', 'temp', '--payload', '{'],
      'not valid JSON',
    ],
    ['publishing without a message', ['run', 'x.csv', '--folder', 'Publish data'], '--message-type'],
    ['an unknown request', ['run', 'x.csv', '--folder', 'Get tokens'], 'It has: Get token, Publish data'],
    ['an http address', ['run', 'x.csv', '--token-url', 'http://auth.example.org/'], '--insecure'],
    ['an invalid address', ['run', 'x.csv', '--token-url', 'auth'], 'not an http:// or https:// address'],
    ['a file that does not exist', ['run', 'not-there.csv'], 'not-there.csv'],
    ['all and some devices', ['generate', 'x.csv', '--all', '--device', 'a'], '--device'],
    ['a collection that does not exist', ['run', 'x.csv', '--collection', 'none.json'], 'ENOENT'],
    ['more failures than devices', ['demo', '--devices', '2', '--fail', '3'], '--fail'],
  ])('%s', async (_what, args, says) => {
    const { status, stdout, stderr } = await program(args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(says);
    expect(stderr).not.toMatch(/^\s+at /m);
  });
});

test.each([
  [['--password', 'canary']],
  [['--password=canary']],
  [['canary']],
  [['-p', 'canary']],
  [['--body', 'canary']],
  [['--env-var', 'password=canary']],
  [['--env-var', 'canarysecrets']],
  [['--env-var', 'canary_token=x']],
  [['--folder', 'canary']],
  [['--newman-reporter', 'canary']],
  [['--shard', 'canary']],
  [['--rate', 'canary']],
  [['--max-failures', 'canary']],
  [['--reporters', 'canary']],
  [['--message-type', 'Canary-canary', '--payload', '{}']],
  [['--token-url', 'canary']],
  [['--token-url', 'https://user:canary@auth.example.org/token']],
  [['--ingestion-url', 'https://canary@auth.example.org']],
])('a secret among the arguments is not repeated: %j', async (args) => {
  const { status, stdout, stderr } = await program(['run', 'devices.csv', ...args]);
  expect(status).toBe(2);
  expect(stdout + stderr).not.toContain('canary');
});

test.each([
  ['snippet', ['-', '--for', 'curl', '--device', 'canary'], '--device names no created device of <stdin>'],
  [
    'generate',
    ['-', '--device', 'Pump', '--device', 'canary'],
    '--device (number 2) names no created device of <stdin>',
  ],
  ['token', ['-', '--token-url', 'https://auth.example.org/canary'], 'token endpoint of a Keycloak realm'],
])('a value that %s cannot use is not repeated', (command, args, says) =>
  inTemporaryFolder(async (cwd) => {
    const input = csvOf([{ name: 'Pump' }]);
    const { status, stdout, stderr } = await program([command, ...args], { cwd, input });
    expect(status).toBeGreaterThan(1);
    expect(stderr).toContain(says);
    expect(stdout + stderr).not.toContain('canary');
  }),
);

describe('whatever the language of the system is', () => {
  test.each<[string, Record<string, string>, ...string[]]>([
    ['one argument too many', { LC_ALL: 'es_ES.UTF-8' }, 'check', 'devices.csv', 'Hunter2-Secret'],
    ['an unknown option', { LC_MESSAGES: 'ja_JP' }, 'check', 'devices.csv', '--Hunter2-Secret'],
    ['an option of two words', { LANG: 'de_DE.UTF-8' }, 'share', 'check', '--Hunter2-Secret'],
    ['a password behind a letter', { LANGUAGE: 'fr' }, 'token', 'devices.csv', '-pHunter2-Secret'],
    ['an unknown command', { LC_ALL: 'pt_BR.UTF-8' }, 'Hunter2-Secret'],
    ['an unknown second word', { LC_ALL: 'ru_RU.UTF-8' }, 'report', 'Hunter2-Secret'],
    ['a value that is no choice', { LANG: 'zh_CN' }, 'check', 'devices.csv', '--format', 'Hunter2-Secret'],
    ['a choice', { LC_ALL: 'es_ES', BIOTZ_FORMAT: 'Hunter2-Secret' }, 'check', 'devices.csv'],
    ['a switch', { LC_ALL: 'es_ES', BIOTZ_VERBOSE: 'Hunter2-Secret' }, 'check', 'devices.csv'],
    ['a word in place of a number', { LANG: 'tr_TR' }, 'run', 'devices.csv', '--retries', 'Hunter2-Secret'],
    ['an option without its value', { LC_ALL: 'es_ES.UTF-8' }, 'check', '--format'],
    ['help', { LC_ALL: 'es_ES', BIOTZ_SCOPE: 'Hunter2-Secret' }, 'run', '--help'],
  ])('%s is answered in English, and no value is repeated', async (_what, env, ...args) => {
    const { stdout, stderr } = await program(args, { env: { ...env, TZ: 'Asia/Tokyo' } });
    expect(stdout + stderr).toMatch(/Run the command with|Its commands are|The commands are|Options:/);
    expect(stdout + stderr).not.toContain('Hunter2');
  });
});

test('a variable that switches certificates off is refused without --insecure', async () => {
  const { status, stderr } = await program(['check', 'x.csv'], {
    env: { NODE_TLS_REJECT_UNAUTHORIZED: '0' },
  });
  expect(status).toBe(2);
  expect(stderr).toContain('NODE_TLS_REJECT_UNAUTHORIZED');
});

test('NODE_OPTIONS that show memory are refused', async () => {
  const { status, stderr } = await program(['check', 'x.csv'], {
    env: { NODE_OPTIONS: '--heapsnapshot-signal=SIGUSR2' },
  });
  expect(status).toBe(2);
  expect(stderr).toContain('NODE_OPTIONS has --heapsnapshot-signal');
});

test('NODE_DEBUG values that print request bodies are refused', async () => {
  const { status, stderr } = await program(['check', 'x.csv'], { env: { NODE_DEBUG: 'http' } });
  expect(status).toBe(2);
  expect(stderr).toContain('NODE_DEBUG');
});

describe('options from elsewhere', () => {
  const withFiles = <T>(files: Record<string, string>, use: (folder: string) => Promise<T>) =>
    inTemporaryFolder(async (folder) => {
      for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
      return use(folder);
    });
  const symlinkTo = async (file: string, text: string) => {
    await writeFile(`${file}.elsewhere`, text);
    await symlink(`${file}.elsewhere`, file);
  };
  const checkWith = (env: Record<string, string>, args: string[] = [], config?: object) =>
    inTemporaryFolder(async (folder) => {
      if (config) await writeFile(join(folder, 'biotz-postman.config.json'), JSON.stringify(config));
      const file = await writeCsv(folder, [{}]);
      return program(['check', file, ...args], { env, cwd: folder });
    });
  const isJson = ({ stdout }: { stdout: string }) => stdout.startsWith('{');

  test('come from the environment', async () => {
    expect(isJson(await checkWith({ BIOTZ_FORMAT: 'json' }))).toBe(true);
  });
  test('are those of the command, whatever its arguments are called', async () => {
    await inTemporaryFolder(async (folder) => {
      await writeCsv(folder, [{}]);
      const args = ['generate', 'devices.csv', '--out', 'demo'];
      await program(args, { env: { BIOTZ_SCOPE: 'from-outside' }, cwd: folder });
      const text = readFileSync(join(folder, 'demo/biotz.shared.postman_environment.json'), 'utf8');
      expect(text).toContain('from-outside');
    });
  });
  test('come from the config file', async () => {
    expect(isJson(await checkWith({}, [], { format: 'json' }))).toBe(true);
  });
  test('the environment takes precedence over the config file, and the command line over both', async () => {
    expect(isJson(await checkWith({ BIOTZ_FORMAT: 'text' }, [], { format: 'json' }))).toBe(false);
    expect(isJson(await checkWith({ BIOTZ_FORMAT: 'text' }, ['--format', 'json'], { format: 'text' }))).toBe(
      true,
    );
  });
  test('variables and options that this command does not have are left alone', async () => {
    const { status } = await checkWith({ BIOTZ_PASSWORD: 'x', BIOTZ_OUT: 'y' }, [], {
      scope: 'z',
      $schema: 's',
    });
    expect(status).toBe(0);
  });
  test.each([
    ['token-url', 'https://evil.example/'],
    ['ingestion-url', 'https://evil.example'],
    ['collection', 'evil.json'],
    ['environment', 'evil.json'],
    ['insecure', true],
    ['templates', 'evil'],
    ['payload', '@generated/private/devices.data.json'],
    ['out', '/elsewhere'],
    ['folder', ['x']],
    ['identity', ['x']],
    ['to', ['age1x']],
    ['passphrase', true],
  ])('a config file may not name %s', async (key, value) => {
    const { status, stderr } = await checkWith({}, [], { [key]: value });
    expect(status).toBe(2);
    expect(stderr).toContain(`"${key}" may not come from a config file`);
  });
  test('a config file has no say in what token prints', () =>
    inTemporaryFolder(async (folder) => {
      const device = complete({}, 0);
      const platform = await startStandIn({
        behaviour: 'gateway',
        devices: [{ username: device.username, password: new Secret(device.password) }],
      });
      try {
        const config = { format: 'postman-environment' };
        await writeFile(join(folder, 'biotz-postman.config.json'), JSON.stringify(config));
        const file = await writeCsv(folder, [{}]);
        const { status, stdout } = await program(['token', file, '--token-url', platform.tokenUrl], {
          cwd: folder,
        });
        expect(status).toBe(0);
        expect(stdout).toMatch(/^eyJ[\w-]+\.[\w-]+\.[\w-]+\n$/);
      } finally {
        await platform.close();
      }
    }));
  test('a config file may not ask for tokens that do not expire', async () => {
    const { status, stderr } = await checkWith({}, [], { scope: 'openid offline_access' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const file = { 'biotz-postman.config.json': '{"scope":"openid offline_access"}' };
    const run = await withFiles(file, (folder) => program(['run', '-'], { cwd: folder }));
    expect(run.status).toBe(2);
    expect(run.stderr).toContain('offline_access');
  });
  test.each<[string, string, (file: string) => unknown]>([
    [
      'a pipe, which would keep the program waiting',
      'regular',
      (file) => execFileSync('sh', ['-c', 'mkfifo "$0"', file]),
    ],
    ['a link to a device without an end', 'regular', (file) => symlink('/dev/zero', file)],
    ['a folder', 'it is a folder', (file) => mkdir(file)],
    ['far too large', '64 KiB', (file) => writeFile(file, ' '.repeat(70_000))],
    [
      'a link to another user’s secrets, which are not repeated',
      'names an unknown option',
      (file) => symlinkTo(file, '{"canary in a key": 1}'),
    ],
  ])('a config file that is %s is refused', (_what, says, put) =>
    inTemporaryFolder(async (folder) => {
      await put(join(folder, 'biotz-postman.config.json'));
      const { status, stderr } = await program(['check', '-'], { cwd: folder });
      expect(status).toBe(2);
      expect(stderr).toContain('[CONFIG_INVALID]');
      expect(stderr).toContain(says);
      expect(stderr).not.toContain('canary');
    }),
  );
  test('an unknown choice is reported with its source', async () => {
    for (const { status, stderr } of [
      await checkWith({ BIOTZ_FORMAT: 'xml' }, [], {}),
      await checkWith({}, [], { format: 'xml' }),
    ]) {
      expect(status).toBe(2);
      expect(stderr).toContain('BIOTZ_FORMAT, or "format" in the config file, must be one of "text", "json"');
    }
  });
  test.each([
    ['an unknown option', { tokn: 'x' }],
    ['a value of the wrong type', { format: 1 }],
  ])('a config file with %s is refused', async (_what, config) => {
    expect((await checkWith({}, [], config)).status).toBe(2);
  });
});
