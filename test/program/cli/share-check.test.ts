import { execFile } from 'node:child_process';
import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { forms } from '../../unit/secret/forms.js';
import { inTemporaryFolder } from '../../support/folder.js';
import { program, type Finished } from '../../support/program.js';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../../', import.meta.url));

const password = 'x"y&Zz-secret-7';
const csv = `Created,Name,Device ID,HTTP Username,Password\nYes,pump,id-1,id-1@x,"${password.replaceAll('"', '""')}"\n`;
const leaky = JSON.stringify({ values: [{ key: 'pin', value: 'hunter22-typed', type: 'secret' }] }, null, 2);
const clean = JSON.stringify({ values: [{ key: 'pin', value: '', type: 'secret' }] });

/** Writes files below a folder, by their paths in it. */
async function write(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}

const check = (cwd: string, ...args: readonly string[]) => program(['share', 'check', ...args], { cwd });

const git = (cwd: string, ...args: readonly string[]) =>
  run('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], { cwd });

function expectNoSecret({ stdout, stderr }: Finished, ...secrets: readonly string[]): void {
  for (const secret of [password, 'hunter22-typed', ...secrets]) {
    for (const [, encode] of forms) {
      expect(stdout + stderr).not.toContain(encode(secret));
      expect(stdout + stderr).not.toContain(encode(secret).slice(0, 8));
    }
  }
}

test('this repository holds no secret, but for the made-up ones of its tests', async () => {
  const { status, stdout } = await check(root, '.', '--exclude', 'test/**');
  expect(stdout).toMatch(/^Scanned \d{3} files: no secrets found\n$/);
  expect(status).toBe(0);
});

describe('files and folders', () => {
  test('each secret is named by file, line, column, place and code, and the exit status is 1', () =>
    inTemporaryFolder(async (folder) => {
      await write(folder, { 'a/env.json': leaky, 'a/b/ok.json': clean, 'c.txt': 'nothing' });
      const finished = await check(folder, 'a', 'c.txt');
      expect(finished.stdout).toBe(
        'a/env.json:5:17: a variable of type secret that has a value, values[0] "pin" [secret-variable]\n' +
          'Scanned 3 files: 1 secret in 1 file\n',
      );
      expect(finished.stderr).toContain('share clean');
      expect(finished.status).toBe(1);
      expectNoSecret(finished);
    }));

  test('a device password is found in every form with the credentials file, and none without', () =>
    inTemporaryFolder(async (folder) => {
      const files = Object.fromEntries(
        forms.map(([name, encode]) => [`${name}.txt`, `< ${encode(password)} >`]),
      );
      await write(folder, { ...files, 'devices.csv': csv });
      const paths = Object.keys(files);
      const finished = await check(folder, ...paths, '--devices', 'devices.csv');
      expect(finished.stdout).toContain(`${forms.length} secrets in ${forms.length} files`);
      expect(finished.stdout).toContain(
        'XML-escaped.txt:1:3: the password of a device (device id-1) [device-password]',
      );
      expectNoSecret(finished);
      const without = await check(folder, ...paths.filter((path) => !/form|Basic/.test(path)));
      expect(without.status).toBe(0);
    }));

  test('a credentials file is reported as one, and an encrypted file is all right', () =>
    inTemporaryFolder(async (folder) => {
      await write(folder, { 'devices.csv': csv, 'devices.csv.age': 'age-encryption.org/v1\n-> X' });
      const finished = await check(folder, '.', '--devices', 'devices.csv');
      expect(finished.stdout).toBe(
        'devices.csv:2:1: a credentials file with passwords [credentials-file]\n' +
          'Scanned 2 files, 1 of them encrypted: 1 secret in 1 file\n',
      );
    }));

  test('links are not followed; .git, node_modules and what is excluded is passed over, unless it is named', () =>
    inTemporaryFolder(async (folder) => {
      await write(folder, {
        'x/env.json': leaky,
        'x/node_modules/env.json': leaky,
        'x/t/e/env.json': leaky,
        'x/a.bak': leaky,
      });
      await symlink('env.json', join(folder, 'x/link.json'));
      const { stdout } = await check(folder, 'x', '--exclude', 'x/t/**', '--exclude', '*.bak');
      expect(stdout).toMatch(/^x\/env\.json:.*\nScanned 1 file: 1 secret in 1 file\n$/);
      expect((await check(folder, 'x/node_modules')).status).toBe(1);
      const link = await check(folder, 'x/link.json', 'x/a.bak');
      expect(link.stderr).toContain('x/link.json is a symbolic link, which is not followed');
    }));

  test('standard input is scanned', () =>
    inTemporaryFolder(async (folder) => {
      const finished = await program(['share', 'check', '-'], { cwd: folder, input: leaky });
      expect(finished.stdout).toMatch(/^<stdin>:5:17: /);
      expect(finished.status).toBe(1);
    }));

  test('many secrets of one file are counted, not listed', () =>
    inTemporaryFolder(async (folder) => {
      await write(folder, { 'r.ndjson': '{"password":"hunter22-typed"}\n'.repeat(500) });
      const finished = await check(folder, 'r.ndjson');
      expect(finished.stdout.split('\n')).toHaveLength(23);
      expect(finished.stdout).toContain('r.ndjson: and 480 more\nScanned 1 file: 500 secrets in 1 file\n');
    }));

  test('JSON holds the same as data, with what it means and what to do', () =>
    inTemporaryFolder(async (folder) => {
      await write(folder, { 'env.json': leaky });
      const finished = await check(folder, 'env.json', '--format', 'json');
      expect(JSON.parse(finished.stdout)).toMatchObject({
        version: 1,
        ok: false,
        counts: { files: 1, filesWithLeaks: 1, leaks: 1 },
        leaks: [{ code: 'secret-variable', file: 'env.json', line: 5, column: 17, place: 'values[0] "pin"' }],
        leaksLeftOut: 0,
        unreadable: [],
      });
      expect(finished.status).toBe(1);
      expectNoSecret(finished);
    }));
});

describe('what git shares', () => {
  test('what it ignores is passed over, unless it is asked for or named', () =>
    inTemporaryFolder(async (folder) => {
      await git(folder, 'init', '-q');
      await write(folder, { '.gitignore': 'private/\n', 'private/env.json': leaky, 'new.json': clean });
      expect((await check(folder, '.')).stdout).toBe('Scanned 2 files: no secrets found\n');
      for (const args of [['.', '--ignored'], ['private'], ['private/env.json']]) {
        expect((await check(folder, ...args)).status).toBe(1);
      }
    }));

  test('--staged looks at what is about to be committed, and not at the work tree', () =>
    inTemporaryFolder(async (folder) => {
      await git(folder, 'init', '-q');
      await write(folder, {
        'sub/é env.json': leaky,
        'ok.json': clean,
        'gone.json': leaky,
        'later.json': leaky,
      });
      await git(folder, 'add', 'gone.json');
      await git(folder, 'commit', '-qm', 'x');
      await git(folder, 'rm', '-q', 'gone.json');
      await symlink('later.json', join(folder, 'link.json'));
      await git(folder, 'add', 'sub', 'ok.json', 'link.json');
      // Cleaned after it was staged: the commit would have the secret all the same.
      await write(folder, { 'sub/é env.json': clean, 'ok.json': leaky });
      const finished = await check(folder, '--staged');
      expect(finished.stdout).toMatch(/^sub\/é env\.json:5:17: .*\nScanned 2 files: 1 secret in 1 file\n$/);
      expect(finished.status).toBe(1);
      await git(folder, 'config', 'diff.relative', 'true');
      expect((await check(join(folder, 'sub'), '--staged')).stdout).toBe(finished.stdout);
      expect((await check(folder, '--staged', 'ok.json')).stdout).toBe('Scanned 1 file: no secrets found\n');
      expect((await check(folder, '--staged', '--exclude', 'sub/**')).status).toBe(0);
    }));

  test('as a pre-commit hook it stops a commit with a secret, and lets one without it pass', () =>
    inTemporaryFolder(async (folder) => {
      await git(folder, 'init', '-q');
      const bin = join(root, 'bin/biotz-postman.js');
      await write(folder, {
        '.git/hooks/pre-commit': `#!/bin/sh\nexec "${process.execPath}" "${bin}" share check --staged\n`,
      });
      await chmod(join(folder, '.git/hooks/pre-commit'), 0o755);
      await write(folder, { 'env.json': leaky });
      await git(folder, 'add', '.');
      await expect(git(folder, 'commit', '-qm', 'x')).rejects.toMatchObject({ code: 1 });
      await write(folder, { 'env.json': clean });
      // -a stages in an index of its own, which git tells the hook of.
      await git(folder, 'commit', '-qam', 'x');
      await write(folder, { 'env.json': leaky });
      await expect(git(folder, 'commit', '-qam', 'y')).rejects.toMatchObject({ code: 1 });
    }));

  test('nothing staged is nothing found', () =>
    inTemporaryFolder(async (folder) => {
      await git(folder, 'init', '-q');
      expect(await check(folder, '--staged')).toMatchObject({
        status: 0,
        stdout: 'Scanned 0 files: no secrets found\n',
      });
    }));
});

describe('wrong input ends with status 2, and says what to do', () => {
  test.each([
    ['no path', [], 'has no PATHS'],
    ['a path that does not exist', ['nowhere.json'], 'nowhere.json cannot be read (ENOENT)'],
    ['a folder without files', ['empty'], 'contain no files to scan'],
    ['a pipe beside a file', ['a.json', 'pipe'], 'pipe is a pipe, not a regular file'],
    ['a device beside a file', ['a.json', '/dev/zero'], '/dev/zero is a device, not a regular file'],
    ['--staged outside of a work tree', ['--staged'], 'works only in a git work tree'],
    ['standard input twice', ['-', '--devices=-'], '- can be given only once'],
    ['a credentials file in another format', ['a.json', '--devices', 'a.json'], 'csv-malformed'],
  ])('%s', (_what, args, says) =>
    inTemporaryFolder(async (folder) => {
      await write(folder, { 'a.json': clean });
      await mkdir(join(folder, 'empty'));
      await run('mkfifo', [join(folder, 'pipe')]);
      const finished = await check(folder, ...args);
      expect(finished.stderr).toContain(says);
      expect(finished.status).toBe(2);
      expect(finished.stdout).toBe('');
    }),
  );
});

test('a file that cannot be read ends with status 3, and the others are scanned', () =>
  inTemporaryFolder(async (folder) => {
    await write(folder, { 'env.json': leaky });
    await run('mkfifo', [join(folder, 'pipe')]);
    await mkdir(join(folder, 'closed'));
    await chmod(join(folder, 'closed'), 0o000);
    const finished = await check(folder, '.');
    // Root can read everything; a pipe is no file, and is not waited for.
    expect(finished.status).toBe(process.getuid?.() === 0 ? 1 : 3);
    expect(finished.stdout).toContain('env.json:5:17');
    await chmod(join(folder, 'closed'), 0o700);
  }));
