import { describe, expect, test } from '@jest/globals';
import { chmod, mkdir, realpath, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describeExposure, describeModes } from '../../../src/git/exposure.js';
import { inTemporaryFolder } from '../../support/folder.js';
import { git, makeRepository } from './repository.js';

const environment = { PATH: process.env['PATH'] };

/** A file of secrets with a mode. */
async function fileIn(folder: string, mode: number, name = 'devices.csv'): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, 'secret');
  await chmod(file, mode);
  return file;
}

describe('by its mode', () => {
  test.each([
    [0o600, undefined],
    [0o400, undefined],
    [0o640, '0640'],
    [0o604, '0604'],
    [0o620, '0620'],
    [0o777, '0777'],
  ])('a file of 0%o', (mode, said) =>
    inTemporaryFolder(async (folder) => {
      const file = await fileIn(folder, mode);
      expect(await describeModes(file)).toEqual(
        said === undefined
          ? []
          : [
              {
                code: 'file-readable-by-others',
                args: { mode: said, wanted: '600', file },
              },
            ],
      );
    }),
  );

  test('a folder', () =>
    inTemporaryFolder(async (folder) => {
      await chmod(folder, 0o750);
      expect(await describeModes(folder)).toEqual([
        { code: 'file-readable-by-others', args: { mode: '0750', wanted: '700', file: folder } },
      ]);
    }));

  test('the file that a link leads to', () =>
    inTemporaryFolder(async (folder) => {
      await symlink(await fileIn(folder, 0o600), join(folder, 'link'));
      expect(await describeModes(join(folder, 'link'))).toEqual([]);
    }));
});

describe('by its place', () => {
  test.each([
    [0o777, true],
    [0o757, true],
    [0o1777, false],
    [0o775, false],
    [0o755, false],
  ])('below a folder of 0%o', (mode, isOpen) =>
    inTemporaryFolder(async (folder) => {
      const open = join(folder, 'open');
      await mkdir(join(open, 'own'), { recursive: true });
      await chmod(open, mode);
      const expected = [{ code: 'folder-writable-by-others', args: { folder: await realpath(open) } }];
      expect(await describeModes(await fileIn(join(open, 'own'), 0o600))).toEqual(isOpen ? expected : []);
    }),
  );
});

describe('by git', () => {
  test.each([
    ['devices.csv', '/devices.csv'],
    ['a b [1]*.csv', '/a b \\[1\\]\\*.csv'],
    ['#1.csv', '/#1.csv'],
    ['!1.csv', '/!1.csv'],
    ['back\\slash.csv', '/back\\\\slash.csv'],
    ['ends with a space ', '/ends with a space\\ '],
  ])('git accepts the rule for %j', (name, rule) =>
    inTemporaryFolder(async (folder) => {
      await makeRepository(folder);
      const file = await fileIn(folder, 0o600, name);
      const args = { workTree: await realpath(folder), rule };
      expect(await describeExposure(file, environment)).toEqual([{ code: 'file-not-ignored', args }]);
      await writeFile(join(folder, '.gitignore'), `${rule}\n`);
      expect(await describeExposure(file, environment)).toEqual([]);
      expect(await git(folder, 'status', '--porcelain')).toBe('?? .gitignore\n');
    }),
  );

  test('a tracked file is reported as tracked, not as not ignored', () =>
    inTemporaryFolder(async (folder) => {
      await makeRepository(folder, { 'devices.csv': '' }, ['devices.csv']);
      const codes = (await describeExposure(join(folder, 'devices.csv'), environment)).map(
        ({ code }) => code,
      );
      expect(codes).toEqual(['file-tracked']);
    }));

  test('that does not answer is a finding of its own', () =>
    inTemporaryFolder(async (folder) => {
      await makeRepository(folder);
      expect(await describeExposure(await fileIn(folder, 0o600), { PATH: '/nowhere' })).toMatchObject([
        { code: 'git-not-asked', args: { reason: 'ENOENT' } },
      ]);
    }));
});
