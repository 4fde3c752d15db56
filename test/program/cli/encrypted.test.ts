import { describe, expect, test } from '@jest/globals';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Secret } from '../../../src/secret/secret.js';
import { startStandIn } from '../../../src/stand-in/server.js';
import {
  armored,
  ENCRYPTED_PART,
  encryptedFor,
  encryptedWith,
  flipped,
  newPair,
  payloadOf,
} from '../../unit/age/encrypted.js';
import { complete, csvOf } from './fleet.js';
import type { Row } from './fleet.js';
import { filesBelow, inTemporaryFolder } from '../../support/folder.js';
import { program } from '../../support/program.js';

const mine = await newPair();
const env = { BIOTZ_AGE_IDENTITY: `# CI secret\n${mine.identity}\n` };

/** A server that takes note of every connection. */
async function listening<T>(use: (url: string, connections: () => number) => Promise<T>): Promise<T> {
  let connections = 0;
  const server = createServer((socket) => {
    connections++;
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const { port } = server.address() as AddressInfo;
    return await use(`http://127.0.0.1:${port}/realms/r/protocol/openid-connect/token`, () => connections);
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}

/** Every command that does something with devices. */
const commands: readonly (readonly string[])[] = [
  ['run', 'devices.csv.age', '--reporters', 'cli,junit'],
  ['run', 'devices.csv.age', '--body', 'auto'],
  ['token', 'devices.csv.age', '--all', '--out', 'tokens.json'],
  ['token', 'devices.csv.age', '--device', 'pump 0'],
  ['doctor', 'devices.csv.age'],
  ['doctor', 'devices.csv.age', '--device', 'pump 0'],
  ['snippet', 'devices.csv.age', '--device', 'pump 0'],
  ['generate', 'devices.csv.age', '--all'],
  ['share', 'devices.csv.age', '--to', mine.recipient, '--out', 'again.age'],
];

describe('a file whose end is not proved is used for nothing', () => {
  // Four parts, the first rows of which are good by themselves.
  const rows: readonly Row[] = Array.from({ length: 1500 }, () => ({}));
  const made = encryptedFor([mine.recipient], csvOf(rows));

  const damages: readonly (readonly [string, (file: Buffer) => Buffer, string])[] = [
    [
      'its last part missing',
      (file) => file.subarray(0, payloadOf(file) + 3 * ENCRYPTED_PART),
      'age-damaged',
    ],
    ['its last byte missing', (file) => file.subarray(0, -1), 'age-damaged'],
    ['a bit changed', (file) => flipped(file, file.length - 100), 'age-damaged'],
  ];

  test.each(
    commands.flatMap((command) =>
      damages.map(([what, damage, code]) => [command.join(' '), what, damage, code, command] as const),
    ),
  )('%s: %s', (_command, _what, damage, code, command) =>
    inTemporaryFolder((folder) =>
      listening(async (url, connections) => {
        await writeFile(join(folder, 'devices.csv.age'), damage(await made));
        const temporary = join(folder, 'tmp');
        await mkdir(temporary);
        const takesUrl = command[0] !== 'share';
        const { status, stdout, stderr } = await program(
          [...command, ...(takesUrl ? ['--token-url', url] : [])],
          { cwd: folder, env: { ...env, TMPDIR: temporary } },
        );
        expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
        expect(stderr.match(/\[[a-z-]+\]/g)).toEqual([`[${code}]`]);
        expect(connections()).toBe(0);
        expect(await readdir(folder, { recursive: true })).toEqual(
          expect.arrayContaining(['devices.csv.age', 'tmp']),
        );
        expect(await readdir(folder, { recursive: true })).toHaveLength(2);
      }),
    ),
  );
});

describe('a file that nothing given opens is used for nothing', () => {
  test.each(commands.map((command) => [command.join(' '), command] as const))('%s', (_what, command) =>
    inTemporaryFolder((folder) =>
      listening(async (url, connections) => {
        await writeFile(join(folder, 'devices.csv.age'), await encryptedFor([mine.recipient], csvOf([{}])));
        const takesUrl = command[0] !== 'share';
        const { status, stdout, stderr } = await program(
          [...command, ...(takesUrl ? ['--token-url', url] : [])],
          {
            cwd: folder,
            env: { BIOTZ_AGE_IDENTITY: (await newPair()).identity },
          },
        );
        expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
        expect(stderr).toContain('[age-key-wrong]');
        expect(connections()).toBe(0);
        expect(await readdir(folder)).toEqual(['devices.csv.age']);
      }),
    ),
  );
});

describe('every command reads an encrypted file', () => {
  const fleet = [{}, {}, {}];
  const users = fleet
    .map(complete)
    .map(({ username, password }) => ({ username, password: new Secret(password) }));

  test('and its plain text is on no disk, but in what was asked for', () =>
    inTemporaryFolder(async (folder) => {
      const platform = await startStandIn({ devices: users, behaviour: 'gateway' });
      try {
        await writeFile(join(folder, 'devices.csv.age'), await encryptedFor([mine.recipient], csvOf(fleet)));
        const temporary = join(folder, 'tmp');
        await mkdir(temporary);
        const call = (...args: string[]) =>
          program(args, { cwd: folder, env: { ...env, TMPDIR: temporary } });
        const url = ['--token-url', platform.tokenUrl];
        expect((await call('check', 'devices.csv.age')).status).toBe(0);
        expect((await call('run', 'devices.csv.age', ...url)).status).toBe(0);
        expect(
          (await call('token', 'devices.csv.age', '--all', '--report-dir', 'tokens', ...url)).status,
        ).toBe(0);
        expect((await call('token', 'devices.csv.age', '--device', 'pump 1', ...url)).stdout).toMatch(/^eyJ/);
        expect((await call('doctor', 'devices.csv.age', ...url)).status).toBe(0);
        expect((await call('snippet', 'devices.csv.age', '--device', 'pump 1')).status).toBe(0);
        for (const [name, text] of Object.entries(await filesBelow(folder)))
          expect([name, text.includes('canary')]).toEqual([name, false]);
        expect((await call('generate', 'devices.csv.age')).status).toBe(0);
        for (const [name, text] of Object.entries(await filesBelow(folder)))
          expect([name, text.includes('canary')]).toEqual([
            name,
            /^generated\/private\/.*(data|environment)\.json$/.test(name),
          ]);
        expect(await readdir(temporary)).toEqual([]);
      } finally {
        await platform.close();
      }
    }));

  test('from standard input too, with armour or without', async () => {
    const file = await encryptedFor([mine.recipient], csvOf(fleet));
    for (const input of [file, armored(file)]) {
      const { status, stdout } = await program(['check', '-'], { input, env });
      expect(status).toBe(0);
      expect(stdout).toContain('<stdin>: 3 read, 3 created');
    }
  });

  test('by the identities of several files, one of which may be encrypted itself', () =>
    inTemporaryFolder(async (folder) => {
      const write = (name: string, content: string | Buffer) =>
        writeFile(join(folder, name), content, { mode: 0o600 });
      await write('devices.csv.age', await encryptedFor([mine.recipient], csvOf(fleet)));
      await write('other.txt', (await newPair()).identity);
      await write('mine.age', await encryptedWith('open', mine.identity));
      const check = (...args: string[]) =>
        program(['check', 'devices.csv.age', ...args], {
          cwd: folder,
          env: { BIOTZ_AGE_PASSPHRASE: 'open' },
        });
      expect((await check('--identity', 'other.txt')).stderr).toContain('[age-key-wrong]');
      expect((await check('--identity', 'other.txt', '--identity', 'mine.age')).status).toBe(0);
    }));

  test.each<[string, readonly string[], Record<string, string>, string]>([
    [
      'a private key as an argument',
      ['--identity', mine.identity],
      {},
      'a private key is never taken from an argument',
    ],
    ['a recipient', ['--identity', 'recipient.txt'], {}, 'recipient.txt:1 is not a usable age identity'],
    ['a file that does not exist', ['--identity', 'none.txt'], {}, '[KEY_FILE_NOT_READABLE]'],
    [
      'the credentials file itself',
      ['--identity', 'devices.csv.age'],
      {},
      'encrypted, but not with a passphrase',
    ],
    ['a variable with something else in it', [], { BIOTZ_AGE_IDENTITY: 'canary' }, 'BIOTZ_AGE_IDENTITY:1'],
    ['the text of an identity file', ['--identity', `# mine\n${mine.identity}`], {}, 'takes a file'],
    ['an identity with a path', ['--identity', `./${mine.identity}`], {}, './[redacted]'],
    ['an empty variable', [], { BIOTZ_AGE_IDENTITY: '' }, '[age-key-missing]'],
    ['a config file', ['--config', 'config.json'], {}, '"identity" may not come from a config file'],
  ])('but not with %s', (_what, args, variables, says) =>
    inTemporaryFolder(async (folder) => {
      await writeFile(join(folder, 'devices.csv.age'), await encryptedFor([mine.recipient], csvOf(fleet)));
      await writeFile(join(folder, 'recipient.txt'), mine.recipient);
      await writeFile(join(folder, 'config.json'), '{"identity":["x"]}');
      const { status, stderr } = await program(['check', 'devices.csv.age', ...args], {
        cwd: folder,
        env: variables,
      });
      expect(status).toBe(2);
      expect(stderr).toContain(says);
      expect(stderr).not.toMatch(/canary|AGE-SECRET-KEY-1\w{6}/);
    }),
  );

  test('serve takes its users from one', () =>
    inTemporaryFolder(async (folder) => {
      await writeFile(join(folder, 'devices.csv.age'), await encryptedFor([mine.recipient], csvOf(fleet)));
      const { status, stderr } = await program(['serve', '--devices', 'devices.csv.age', '--port', '0'], {
        cwd: folder,
      });
      expect(status).toBe(2);
      expect(stderr).toContain('[age-key-missing]');
    }));
});
