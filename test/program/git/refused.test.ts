import { describe, expect, test } from '@jest/globals';
import { appendFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inTemporaryFolder } from '../../support/folder.js';
import { spawnProgram as program } from '../../support/program.js';
import { git, makeRepository } from './repository.js';

const config = (line: string) => (folder: string) => appendFile(join(folder, '.git/config'), `${line}\n`);

/** Work trees that git refuses to read, with the reason that it gives. */
const refused: readonly (readonly [string, (folder: string) => Promise<unknown>, string])[] = [
  ['belongs to another user', async () => undefined, 'detected dubious ownership in repository at'],
  ['has a broken configuration', config('[core'), 'bad config line'],
  [
    'has an unknown extension',
    config('[core]\nrepositoryformatversion = 1\n[extensions]\nx = 1'),
    'found: x',
  ],
  [
    'is of a format that git does not know',
    config('[core]\nrepositoryformatversion = 99'),
    'git repo version',
  ],
  ['has lost its HEAD', (folder) => rm(join(folder, '.git/HEAD')), 'not a git repository'],
  [
    'points to a repository that is gone',
    async (folder) => {
      await rm(join(folder, '.git'), { recursive: true });
      await writeFile(join(folder, '.git'), 'gitdir: /nowhere\n');
    },
    'not a git repository: /nowhere',
  ],
  ['has a damaged index', (folder) => writeFile(join(folder, '.git/index'), 'x'), 'index file'],
];

const env = { GIT_TEST_ASSUME_DIFFERENT_OWNER: '1' };

describe('where a work tree', () => {
  test.each(refused)(
    '%s, share check gives the reason of git and scans nothing that it ignores',
    (what, damage, says) =>
      inTemporaryFolder(async (folder) => {
        const files = { '.gitignore': 'private/\n', 'private/env.json': '{"password":"hunter22-typed"}' };
        await makeRepository(folder, files, ['.gitignore']);
        await damage(folder);
        const calling = { cwd: folder, ...(what.startsWith('belongs') && { env }) };
        for (const args of [['.'], ['--staged']]) {
          const { status, stdout, stderr } = await program(['share', 'check', ...args], calling);
          expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
          expect(stderr).toContain(says);
          expect(stderr).not.toContain('works only in a git work tree');
        }
        const all = await program(['share', 'check', '.', '--ignored'], calling);
        expect(all).toMatchObject({ status: 1, stdout: expect.stringContaining('private/env.json:1:14') });
      }),
  );

  test('belongs to another user, the remedy is named, and init refuses too', () =>
    inTemporaryFolder(async (folder) => {
      await makeRepository(folder);
      const { stderr } = await program(['share', 'check', '.'], { cwd: folder, env });
      expect(stderr).toMatch(/git config --global --add safe\.directory '\/.*', or .*--ignored/);
      const init = await program(['init', '--dry-run'], { cwd: folder, env });
      expect({ status: init.status, stdout: init.stdout }).toEqual({ status: 2, stdout: '' });
      expect(init.stderr).toContain('dubious ownership');
    }));

  test('is reported as bare, nothing that it ignores is scanned', () =>
    inTemporaryFolder(async (folder) => {
      await makeRepository(folder, { 'a.json': '{"password":"hunter22-typed"}' });
      await config('[core]\nbare = true')(folder);
      const { status, stderr } = await program(['share', 'check', '.'], { cwd: folder });
      expect(status).toBe(2);
      expect(stderr).toContain('must be run in a work tree');
    }));

  test('is below the folder that is scanned, it counts as unreadable, and the rest is scanned', () =>
    inTemporaryFolder(async (folder) => {
      await mkdir(join(folder, 'inner'));
      await makeRepository(join(folder, 'inner'), { 'a.json': '{"password":"hunter22-typed"}' });
      await writeFile(join(folder, 'b.txt'), 'b');
      const { status, stdout, stderr } = await program(['share', 'check', '.'], { cwd: folder, env });
      expect({ status, stdout }).toEqual({ status: 3, stdout: 'Scanned 1 file: no secrets found\n' });
      expect(stderr).toContain('inner could not be read (detected dubious ownership');
    }));

  test('cannot be asked about because git is not installed, that is the reason', () =>
    inTemporaryFolder(async (folder) => {
      await makeRepository(folder, { 'a.txt': 'a' });
      const { status, stderr } = await program(['share', 'check', '.'], {
        cwd: folder,
        env: { PATH: '/nowhere' },
      });
      expect(status).toBe(2);
      expect(stderr).toMatch(/ENOENT.*Install git, or .*--ignored/s);
    }));
});

describe('a file outside of work trees is scanned without git', () => {
  test.each([
    ['the inside of .git', '.git/info'],
    ['a bare repository', 'bare.git'],
  ])('%s', (_what, path) =>
    inTemporaryFolder(async (folder) => {
      if (path.startsWith('.git')) await makeRepository(folder);
      else await git(folder, 'init', '--quiet', '--bare', path);
      await mkdir(join(folder, path), { recursive: true });
      await writeFile(join(folder, path, 'env.json'), '{"password":"hunter22-typed"}');
      expect(await program(['share', 'check', path], { cwd: folder })).toMatchObject({ status: 1 });
    }),
  );
});

test('the variables of a hook decide which index --staged reads, also as relative paths', () =>
  inTemporaryFolder(async (folder) => {
    await makeRepository(folder, { 'a.json': '{"password":"hunter22-typed"}' });
    await git(folder, 'init', '--quiet', '--separate-git-dir', 'elsewhere');
    await rm(join(folder, '.git'));
    await git(folder, '--git-dir=elsewhere', '--work-tree=.', 'add', 'a.json');
    const hook = { GIT_DIR: 'elsewhere', GIT_WORK_TREE: '.' };
    const staged = (index: string) =>
      program(['share', 'check', '--staged'], { cwd: folder, env: { ...hook, GIT_INDEX_FILE: index } });
    expect(await staged('elsewhere/index')).toMatchObject({ status: 1 });
    expect(await staged('elsewhere/other')).toMatchObject({ status: 0 });
  }));
