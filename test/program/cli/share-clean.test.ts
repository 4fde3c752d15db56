import { readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { inTemporaryFolder } from '../../support/folder.js';
import { program } from '../../support/program.js';

const csv = 'Created,Name,Device ID,HTTP Username,Password\nYes,pump,id-1,id-1@x,canary-7\n';
const leaky = '{ "password":\t"hunter22-typed",\n "b" : "x canary-7", "a": [1.0, 2e3] }\r\n';
const without = '{ "password":\t"",\n "b" : "x canary-7", "a": [1.0, 2e3] }\r\n';

const clean = (cwd: string, ...args: readonly string[]) => program(['share', 'clean', ...args], { cwd });

test('takes the secrets out in place, and leaves every other byte and the mode as they are', () =>
  inTemporaryFolder(async (folder) => {
    const file = join(folder, 'r.json');
    await writeFile(file, leaky, { mode: 0o640 });
    const finished = await clean(folder, 'r.json');
    expect(finished.stdout).toBe(
      'r.json: 1 removed: a value that is named like a secret [secret-in-clear]\n' +
        'r.json: written; the rest is unchanged\n',
    );
    expect(finished.status).toBe(0);
    expect(finished.stdout + finished.stderr).not.toContain('hunter22');
    expect(await readFile(file, 'utf8')).toBe(without);
    expect((await stat(file)).mode & 0o777).toBe(0o640);
    expect(await readdir(folder)).toEqual(['r.json']);
    expect((await clean(folder, 'r.json')).stdout).toBe('r.json: no secrets found\n');
  }));

test('also removes the passwords of a credentials file, after which share check finds none', () =>
  inTemporaryFolder(async (folder) => {
    await writeFile(join(folder, 'r.json'), leaky);
    await writeFile(join(folder, 'devices.csv'), csv);
    expect((await clean(folder, 'r.json', '--devices', 'devices.csv', '--out', 'c.json')).status).toBe(0);
    expect(await readFile(join(folder, 'r.json'), 'utf8')).toBe(leaky);
    expect(await readFile(join(folder, 'c.json'), 'utf8')).toBe(without.replace('canary-7', '[redacted]'));
    expect(
      (await program(['share', 'check', 'c.json', '--devices', 'devices.csv'], { cwd: folder })).status,
    ).toBe(0);
  }));

test('--dry-run says what would be removed, and changes nothing', () =>
  inTemporaryFolder(async (folder) => {
    await writeFile(join(folder, 'r.json'), leaky);
    const { status, stdout } = await clean(folder, 'r.json', '--dry-run');
    expect({ status, stdout }).toEqual({
      status: 0,
      stdout: 'r.json: 1 would be removed: a value that is named like a secret [secret-in-clear]\n',
    });
    expect(await readFile(join(folder, 'r.json'), 'utf8')).toBe(leaky);
  }));

test('UTF-16 stays UTF-16', () =>
  inTemporaryFolder(async (folder) => {
    await writeFile(join(folder, 'r.json'), `\ufeff${leaky}`, 'utf16le');
    expect((await clean(folder, 'r.json')).status).toBe(0);
    expect(await readFile(join(folder, 'r.json'), 'utf16le')).toBe(`\ufeff${without}`);
  }));

test.each([
  ['nothing', [], 'has no FILE'],
  ['a file that does not exist', ['nowhere'], 'ENOENT'],
  ['a folder', ['.'], 'is not a file'],
  ['a symbolic link', ['link.json'], 'is a symbolic link'],
  ['a credentials file', ['devices.csv'], 'is or contains a credentials file'],
  ['an encrypted file', ['devices.csv.age'], 'is encrypted'],
  ['an archive', ['a.zip'], 'is packed'],
  ['a place where something is', ['r.json', '--out', 'devices.csv'], 'would replace devices.csv'],
])('%s is refused with status 2, and nothing is changed', (_what, args, says) =>
  inTemporaryFolder(async (folder) => {
    await writeFile(join(folder, 'r.json'), leaky);
    await writeFile(join(folder, 'devices.csv'), csv);
    await writeFile(join(folder, 'devices.csv.age'), 'age-encryption.org/v1\n');
    await writeFile(join(folder, 'a.zip'), 'PK\u0003\u0004x');
    await symlink('r.json', join(folder, 'link.json'));
    const finished = await clean(folder, ...args);
    expect(finished.stderr).toContain(says);
    expect(finished.status).toBe(2);
    expect(await readFile(join(folder, 'r.json'), 'utf8')).toBe(leaky);
    expect(await readFile(join(folder, 'devices.csv'), 'utf8')).toBe(csv);
  }),
);
