import { expect, test } from '@jest/globals';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { proposeAddition, proposeFile, readPresent } from '../../../src/init/proposal.js';
import { writeFiles } from '../../../src/init/write-files.js';
import { filesBelow, inTemporaryFolder } from '../../support/folder.js';

const force = { force: true };

test('where a file cannot be put into its place, those before it are as they were', () =>
  inTemporaryFolder(async (folder) => {
    await writeFile(join(folder, 'amended'), 'before', { mode: 0o640 });
    const proposals = [
      proposeFile('a/b/new', 'new', undefined, force),
      proposeAddition('amended', 'after', await readPresent(folder, 'amended')),
      // The third belongs where the fourth needs a folder, which the system refuses only at the very end.
      proposeFile('taken', 'text', undefined, force),
      proposeFile('taken/below', 'text', undefined, force),
    ];
    await expect(writeFiles(folder, proposals)).rejects.toMatchObject({
      code: 'OUTPUT_NOT_WRITTEN',
      args: { file: join(folder, 'taken'), reason: 'EISDIR' },
    });
    expect(await readdir(folder)).toEqual(['amended']);
    expect(await readFile(join(folder, 'amended'), 'utf8')).toBe('before');
    expect((await stat(join(folder, 'amended'))).mode & 0o777).toBe(0o640);
  }));

test('what has come into the place since it was shown stays, and nothing is written', () =>
  inTemporaryFolder(async (folder) => {
    const proposals = ['a/new', 'taken'].map((path) => proposeFile(path, 'text', undefined, force));
    await mkdir(join(folder, 'taken/by'), { recursive: true });
    await expect(writeFiles(folder, proposals)).rejects.toMatchObject({ code: 'OUTPUT_BLOCKED' });
    expect(await readdir(folder)).toEqual(['taken']);
  }));

test('a file that was edited while the question stood is not replaced', () =>
  inTemporaryFolder(async (folder) => {
    await writeFile(join(folder, 'hook'), 'mine');
    const proposals = [proposeFile('hook', 'ours', await readPresent(folder, 'hook'), force)];
    await writeFile(join(folder, 'hook'), 'mine, edited');
    await expect(writeFiles(folder, proposals)).rejects.toMatchObject({
      code: 'OUTPUT_BLOCKED',
      args: { problem: 'it changed after it was shown' },
    });
    expect(await filesBelow(folder)).toEqual({ hook: 'mine, edited' });
  }));
