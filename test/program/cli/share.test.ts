import { describe, expect, test } from '@jest/globals';
import { watch } from 'node:fs';
import { chmod, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { newPair, encryptedFor } from '../../unit/age/encrypted.js';
import { whereInstalled } from './installed.js';
import { csvOf, writeCsv } from './fleet.js';
import { filesBelow, inTemporaryFolder } from '../../support/folder.js';
import { program } from '../../support/program.js';
import { programOnTerminal, terminalProgram } from './terminal-session.js';

const mine = await newPair();
const yours = await newPair();
const rows = [{}, { created: 'No', username: '', password: '' }, {}];

/** A folder with a credentials file and two identity files in it. */
const prepared = <T>(use: (folder: string) => Promise<T>) =>
  inTemporaryFolder(async (folder) => {
    await writeCsv(folder, rows);
    for (const [name, { identity }] of Object.entries({ mine, yours }))
      await writeFile(join(folder, `${name}.txt`), `${identity}\n`, { mode: 0o600 });
    return use(folder);
  });

const share = (folder: string, args: readonly string[], env: Record<string, string> = {}) =>
  program(['share', ...args], { cwd: folder, env });
const check = (folder: string, args: readonly string[], env: Record<string, string> = {}) =>
  program(['check', ...args], { cwd: folder, env });

describe('share DEVICES', () => {
  test('writes a file that only its recipients can read', () =>
    prepared(async (folder) => {
      await writeFile(join(folder, 'team.txt'), `# the team\n\n${yours.recipient}\n`);
      const { status, stdout, stderr } = await share(folder, [
        'devices.csv',
        '--to',
        mine.recipient,
        '--to',
        'team.txt',
      ]);
      expect(status).toBe(0);
      expect(stdout).toBe(
        `devices.csv.age: 2 devices, encrypted for 2 recipients:\n  ${mine.recipient}\n  ${yours.recipient}\n`,
      );
      expect(stderr).toContain('devices.csv is unchanged');
      expect((await stat(join(folder, 'devices.csv.age'))).mode & 0o777).toBe(0o644);
      for (const name of ['mine.txt', 'yours.txt'])
        expect((await check(folder, ['devices.csv.age', '--identity', name])).stdout).toContain(
          '3 read, 2 created',
        );
      const other = await check(folder, ['devices.csv.age'], {
        BIOTZ_AGE_IDENTITY: (await newPair()).identity,
      });
      expect(other.status).toBe(2);
      expect(other.stderr).toContain('[age-key-wrong]');
    }));

  test('holds exactly the bytes of the file, whatever its form', () =>
    prepared(async (folder) => {
      const bytes = Buffer.from(`\ufeff${csvOf(rows).replaceAll(',', ';')}`, 'utf16le');
      await writeFile(join(folder, 'devices.csv'), bytes);
      await share(folder, ['devices.csv', '--to', mine.recipient, '--armor', '--out', 'text']);
      const text = await readFile(join(folder, 'text'), 'utf8');
      expect(text).toMatch(
        /^-----BEGIN AGE ENCRYPTED FILE-----\n[\w+/=\n]+\n-----END AGE ENCRYPTED FILE-----\n$/,
      );
      const { armor, Decrypter } = await import('age-encryption');
      const decrypter = new Decrypter();
      decrypter.addIdentity(mine.identity);
      expect(Buffer.from(await decrypter.decrypt(armor.decode(text))).equals(bytes)).toBe(true);
    }));

  test('takes standard input, which needs a name', () =>
    prepared(async (folder) => {
      const calling = { cwd: folder, input: csvOf(rows) };
      const nameless = await program(['share', '-', '--to', mine.recipient], calling);
      expect(nameless.status).toBe(2);
      expect(nameless.stderr).toContain('--out is needed');
      const args = ['share', '-', '--to', mine.recipient, '--out', 'from-input.age'];
      expect((await program(args, calling)).status).toBe(0);
      expect((await check(folder, ['from-input.age', '--identity', 'mine.txt'])).status).toBe(0);
    }));

  test('encrypts with a passphrase of the environment', () =>
    prepared(async (folder) => {
      const env = { BIOTZ_AGE_PASSPHRASE: 'canary-passphrase' };
      const { status, stdout, stderr } = await share(folder, ['devices.csv', '--passphrase'], env);
      expect(status).toBe(0);
      expect(stdout).toBe('devices.csv.age: 2 devices, encrypted with a passphrase\n');
      expect(stdout + stderr).not.toContain('canary');
      expect((await check(folder, ['devices.csv.age'], env)).status).toBe(0);
      const wrong = await check(folder, ['devices.csv.age'], { BIOTZ_AGE_PASSPHRASE: 'other' });
      expect(wrong.stderr).toContain('[age-key-wrong]');
      expect((await check(folder, ['devices.csv.age'])).stderr).toContain('[age-key-missing]');
      expect((await share(folder, ['devices.csv', '--passphrase', '--out', 'x'])).status).toBe(2);
    }));

  test('gives access to others, and takes it away, by encrypting what is encrypted again', () =>
    prepared(async (folder) => {
      await share(folder, ['devices.csv', '--to', mine.recipient]);
      const before = await readFile(join(folder, 'devices.csv.age'));
      const again = ['devices.csv.age', '--to', yours.recipient];
      expect((await share(folder, [...again, '--force'])).stderr).toContain('[age-key-missing]');
      expect((await share(folder, [...again, '--identity', 'mine.txt'])).stderr).toContain('--force');
      expect((await readFile(join(folder, 'devices.csv.age'))).equals(before)).toBe(true);
      expect((await share(folder, [...again, '--identity', 'mine.txt', '--force'])).status).toBe(0);
      expect((await check(folder, ['devices.csv.age', '--identity', 'yours.txt'])).status).toBe(0);
      expect((await check(folder, ['devices.csv.age', '--identity', 'mine.txt'])).status).toBe(2);
    }));

  test('a file called like a command below it is given with its folder', () =>
    prepared(async (folder) => {
      await writeFile(join(folder, 'keygen'), csvOf(rows));
      expect((await share(folder, ['./keygen', '--to', mine.recipient])).stdout).toContain(
        './keygen.age: 2 devices',
      );
    }));
});

describe('share writes nothing, and says why,', () => {
  const refused = async (folder: string, args: readonly string[]) => {
    const before = await filesBelow(folder);
    const { status, stdout, stderr } = await share(folder, args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).not.toMatch(/canary|AGE-SECRET-KEY-1\w{6}/i);
    expect(await filesBelow(folder)).toEqual(before);
    return stderr;
  };

  test.each<[string, readonly string[], string]>([
    ['for no recipient', ['devices.csv'], 'needs --to or --passphrase'],
    ['for a private key', ['devices.csv', '--to', mine.identity], '--to is an identity (the private key)'],
    [
      'for the text of an identity file',
      ['devices.csv', '--to', `# mine\n${mine.identity}\n`],
      '--to is an identity',
    ],
    ['of an identity', [mine.identity, '--to', mine.recipient], '[redacted]'],
    ['for an identity file', ['devices.csv', '--to', 'mine.txt'], 'mine.txt:1 is an identity'],
    ['for a mistyped recipient', ['devices.csv', '--to', `${mine.recipient}q`], '[RECIPIENT_INVALID]'],
    ['for an SSH key', ['devices.csv', '--to', 'ssh-ed25519 AAAA'], 'SSH key'],
    ['for a file that does not exist', ['devices.csv', '--to', 'nobody.txt'], '(ENOENT)'],
    ['for a folder', ['devices.csv', '--to', '.'], '(EISDIR)'],
    ['for recipients and a passphrase', ['devices.csv', '--to', 'x', '--passphrase'], '--passphrase cannot'],
    ['without DEVICES', ['--to', mine.recipient], 'has no DEVICES'],
    ['of a file that does not exist', ['none.csv', '--to', mine.recipient], 'none.csv'],
    [
      'over the plain file',
      ['devices.csv', '--to', mine.recipient, '--out', 'devices.csv', '--force'],
      'is not encrypted',
    ],
    ['into a folder', ['devices.csv', '--to', mine.recipient, '--out', '.', '--force'], 'would replace'],
    ['to standard output', ['devices.csv', '--to', mine.recipient, '--out', '-'], '--out takes a file'],
  ])('%s', (_what, args, says) =>
    prepared(async (folder) => {
      expect(await refused(folder, args)).toContain(says);
    }),
  );

  test('of a file with an error in it, which is named', () =>
    prepared(async (folder) => {
      await writeFile(join(folder, 'devices.csv'), csvOf([{ password: '' }]));
      expect(await refused(folder, ['devices.csv', '--to', mine.recipient])).toMatch(
        /devices\.csv:2:7: error: .*\[value-missing\]/,
      );
    }));

  test('into a folder that does not exist', () =>
    prepared(async (folder) => {
      const { status, stderr } = await share(folder, [
        'devices.csv',
        '--to',
        mine.recipient,
        '--out',
        'no/x.age',
      ]);
      expect(status).toBe(3);
      expect(stderr).toContain('no/x.age could not be written (ENOENT)');
    }));

  test('over a link, wherever it leads', () =>
    prepared(async (folder) => {
      await writeFile(join(folder, 'elsewhere.age'), await encryptedFor([mine.recipient], 'x'));
      await symlink('elsewhere.age', join(folder, 'devices.csv.age'));
      expect(await refused(folder, ['devices.csv', '--to', mine.recipient, '--force'])).toContain(
        'would replace',
      );
    }));
});

test('share that is killed leaves no plain text anywhere', () =>
  inTemporaryFolder(async (folder) => {
    const work = join(folder, 'work');
    const temporary = join(folder, 'tmp');
    await mkdir(work);
    await mkdir(temporary);
    await writeCsv(
      folder,
      Array.from({ length: 100_000 }, () => ({})),
    );
    const begun = new Promise<void>((resolve) => {
      const watcher = watch(work, () => {
        watcher.close();
        resolve();
      });
    });
    const { status } = await program(['share', '../devices.csv', '--to', mine.recipient, '--out', 'x.age'], {
      cwd: work,
      env: { TMPDIR: temporary },
      killAfter: begun,
    });
    expect(status).toBeNull();
    const left = await readdir(work);
    expect(left).toHaveLength(1);
    expect(left).not.toContain('x.age');
    expect(await readFile(join(work, left[0] ?? ''), 'latin1')).not.toContain('canary');
    expect(await readdir(temporary)).toEqual([]);
  }));

describe('share keygen', () => {
  const keygen = (folder: string, args: readonly string[] = []) =>
    program(['share', 'keygen', ...args], { cwd: folder });

  test('makes an identity that only its owner reads, and prints its recipient alone', () =>
    prepared(async (folder) => {
      const { status, stdout, stderr } = await keygen(folder);
      expect(status).toBe(0);
      expect(stdout).toMatch(/^age1[0-9a-z]{58}\n$/);
      expect(stderr).toContain('biotz.identity.txt');
      expect(stdout + stderr).not.toContain('AGE-SECRET');
      const file = join(folder, 'biotz.identity.txt');
      expect((await stat(file)).mode & 0o777).toBe(0o600);
      await share(folder, ['devices.csv', '--to', stdout.trim()]);
      expect((await check(folder, ['devices.csv.age', '--identity', file])).status).toBe(0);
    }));

  test('never replaces a file', () =>
    prepared(async (folder) => {
      const { status, stdout, stderr } = await keygen(folder, ['--out', 'mine.txt']);
      expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
      expect(stderr).toContain('would replace mine.txt');
      expect(await readFile(join(folder, 'mine.txt'), 'utf8')).toBe(`${mine.identity}\n`);
    }));

  test('prints no identity', () =>
    prepared(async (folder) => {
      const before = await readdir(folder);
      for (const [out, says] of [
        ['-', '--out takes a file'],
        ['', 'is empty'],
      ] as const) {
        const { status, stdout, stderr } = await keygen(folder, ['--out', out]);
        expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
        expect(stderr).toContain(says);
      }
      expect(await readdir(folder)).toEqual(before);
    }));

  test('says so where it cannot write', () =>
    prepared(async (folder) => {
      const { status, stderr } = await keygen(folder, ['--out', 'no/key.txt']);
      expect(status).toBe(3);
      expect(stderr).toContain('(ENOENT)');
    }));
});

test('share --help names its options and the commands below it', async () => {
  const { status, stdout } = await program(['share', '--help']);
  expect(status).toBe(0);
  for (const part of ['share <DEVICES>', 'share keygen', '--to', '--passphrase', '--armor', '--identity'])
    expect(stdout).toContain(part);
  expect((await program(['share', 'keygen', '--help'])).stdout).not.toContain('--to');
});

test('an identity file that others may read is pointed out', () =>
  prepared(async (folder) => {
    await share(folder, ['devices.csv', '--to', mine.recipient]);
    const args = ['devices.csv.age', '--identity', 'mine.txt'];
    expect((await check(folder, args)).stderr).toBe('');
    await chmod(join(folder, 'mine.txt'), 0o640);
    expect((await check(folder, args)).stderr).toContain('chmod 600 mine.txt');
  }));

for (const _ of whereInstalled([terminalProgram], 'passphrases on a terminal')) {
  test('on a terminal, passphrases are asked for without an echo, twice where something is encrypted', () =>
    prepared(async (folder) => {
      const calling = { cwd: folder };
      const shared = await programOnTerminal(
        ['share', 'devices.csv', '--passphrase'],
        [
          ['Passphrase to encrypt with:', 'canary horse'],
          ['Repeat the passphrase:', 'canary horse'],
        ],
        calling,
      );
      expect(shared).toMatchObject({ status: 0 });
      const checked = await programOnTerminal(
        ['check', 'devices.csv.age'],
        // Ctrl-T would show what is typed, if the prompt offered it.
        [['Passphrase of devices.csv.age:', '\u0014canary horse']],
        calling,
      );
      expect(checked.status).toBe(0);
      expect(checked.shown).toContain('3 read, 2 created');
      const differing = await programOnTerminal(
        ['share', 'devices.csv', '--passphrase', '--out', 'x.age'],
        [
          ['Passphrase to encrypt with:', 'canary horse'],
          ['Repeat the passphrase:', 'canary house'],
        ],
        calling,
      );
      expect(differing.status).toBe(2);
      expect(shared.shown + checked.shown + differing.shown).not.toMatch(/canary|ctrl\+t|visib/);
    }));
}
