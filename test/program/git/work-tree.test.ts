import { describe, expect, test } from '@jest/globals';
import { chmod, mkdir, readdir, readFile, realpath, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { askGit, type GitAnswer, findWorkTree } from '../../../src/git/work-tree.js';
import { inTemporaryFolder } from '../../support/folder.js';
import { git, makeRepository } from './repository.js';

const environment = { PATH: process.env['PATH'] };
const answer = (ignored: boolean, tracked = false): GitAnswer => ({ known: true, ignored, tracked });

/** What git says of a path in a folder, which has to lie in a work tree. */
async function ask(folder: string, path: string, below: readonly string[] = [], variables = {}) {
  const place = await findWorkTree(join(folder, path));
  if (place === undefined) throw new Error(`${path} lies in no work tree`);
  return askGit(place, below, { ...environment, HOME: folder, ...variables });
}

describe('a work tree', () => {
  test('is found above a place, even one that does not exist yet', () =>
    inTemporaryFolder(async (folder) => {
      await makeRepository(folder);
      const workTree = await realpath(folder);
      expect(await findWorkTree(join(folder, 'x/y.csv'))).toEqual({ workTree, path: 'x/y.csv' });
      await mkdir(join(folder, 'x'));
      expect(await findWorkTree(join(folder, 'x/y.csv'))).toEqual({ workTree, path: 'x/y.csv' });
    }));

  test('of a symbolic link is that of its target', () =>
    inTemporaryFolder(async (folder) => {
      await mkdir(join(folder, 'tree'));
      await makeRepository(join(folder, 'tree'), { 'a.csv': '' });
      await symlink(join(folder, 'tree'), join(folder, 'link'));
      await symlink(join(folder, 'tree/a.csv'), join(folder, 'b.csv'));
      expect(await findWorkTree(join(folder, 'link/new.csv'))).toMatchObject({ path: 'new.csv' });
      expect(await findWorkTree(join(folder, 'b.csv'))).toMatchObject({ path: 'a.csv' });
    }));

  test('does not exist without a .git above', () =>
    inTemporaryFolder(async (folder) => {
      expect(await findWorkTree(join(folder, 'devices.csv'))).toBeUndefined();
    }));
});

describe('git is asked', () => {
  test.each([
    ['a file that no rule mentions', 'new.csv', answer(false)],
    ['what is ignored', 'a.csv', answer(true)],
    ['what a rule takes back', 'kept.csv', answer(false)],
    ['what is tracked though it is ignored', 'tracked.csv', answer(true, true)],
    ['a folder with something tracked in it', 'private', answer(false, true)],
    ['a name with characters of a pattern', 'a[1]*?.txt', answer(false)],
    ['a name that begins like a pathspec', ':(top)new.txt', answer(false)],
    ['a name with a line break, which is ignored', 'a\nb.csv', answer(true)],
  ])('about %s', (_what, path, expected) =>
    inTemporaryFolder(async (folder) => {
      const files = { '.gitignore': '*.csv\n!kept.csv\n!new.csv\n', 'tracked.csv': '', 'private/x': '' };
      await makeRepository(folder, files, ['tracked.csv', 'private/x']);
      expect(await ask(folder, path)).toEqual(expected);
    }),
  );

  test('about all future names in a folder', () =>
    inTemporaryFolder(async (folder) => {
      await makeRepository(folder, { 'private/.gitignore': '*\n!*.json\n' });
      expect(await ask(folder, 'private', ['a.txt'])).toEqual(answer(true));
      expect(await ask(folder, 'private', ['a.txt', 'b.json'])).toEqual(answer(false));
    }));

  test('of a second work tree of one repository', () =>
    inTemporaryFolder(async (folder) => {
      await mkdir(join(folder, 'first'));
      await makeRepository(join(folder, 'first'), { '.gitignore': 'a.csv\n' }, ['.gitignore']);
      const name = ['-c', 'user.name=x', '-c', 'user.email=x@example.org'];
      await git(join(folder, 'first'), ...name, 'commit', '--quiet', '--message', 'x');
      await git(join(folder, 'first'), 'worktree', 'add', '--quiet', '../second');
      expect(await ask(folder, 'second/a.csv')).toEqual(answer(true));
      expect(await ask(folder, 'second/b.csv')).toEqual(answer(false));
    }));

  test('with the exclude file of its user', () =>
    inTemporaryFolder(async (folder) => {
      await makeRepository(folder, { '.config/git/ignore': '*.csv\n' });
      expect(await ask(folder, 'a.csv')).toEqual(answer(true));
    }));

  test('without being misled by the variables of a hook', () =>
    inTemporaryFolder(async (folder) => {
      await makeRepository(folder, { 'a.csv': '' }, ['a.csv']);
      const elsewhere = { GIT_DIR: '/nowhere', GIT_INDEX_FILE: '/nowhere', GIT_WORK_TREE: '/nowhere' };
      expect(await ask(folder, 'a.csv', [], elsewhere)).toEqual(answer(false, true));
    }));
});

describe('git only gets the variables for its programs and its exclude file', () => {
  test('and starts in no folder of the repository', () =>
    inTemporaryFolder(async (folder) => {
      await makeRepository(folder);
      await mkdir(join(folder, 'bin'));
      const fake = join(folder, 'bin/git');
      await writeFile(fake, `#!/bin/sh\n{ pwd; env; echo "$*"; } > '${folder}/seen.'$$\n`);
      await chmod(fake, 0o755);
      const secrets = { BIOTZ_PASSWORD: 'canary', BIOTZ_AGE_IDENTITY: 'canary', NODE_OPTIONS: 'canary' };
      const PATH = `${join(folder, 'bin')}:${environment.PATH}`;
      await ask(folder, 'a.csv', [], { ...secrets, PATH });
      const seen = (await readdir(folder)).filter((name) => name.startsWith('seen.'));
      expect(seen).toHaveLength(2);
      for (const name of seen) {
        const text = await readFile(join(folder, name), 'utf8');
        expect(text).toMatch(/^\/\n/);
        expect(text).toContain(`HOME=${folder}`);
        expect(text).not.toContain('canary');
      }
    }));
});

describe('if git does not answer, the reason is reported', () => {
  test('it is not installed', () =>
    inTemporaryFolder(async (folder) => {
      await makeRepository(folder);
      expect(await ask(folder, 'a.csv', [], { PATH: '/nowhere' })).toEqual({
        known: false,
        reason: 'ENOENT',
      });
    }));

  test('the repository is damaged', () =>
    inTemporaryFolder(async (folder) => {
      await writeFile(join(folder, '.git'), 'gitdir: /nowhere\n');
      expect(await ask(folder, 'a.csv')).toEqual({
        known: false,
        reason: 'not a git repository: /nowhere',
      });
    }));
});
