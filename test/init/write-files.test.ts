import { expect, test } from '@jest/globals';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { proposeAddition, proposeFile } from '../../src/init/proposal.js';
import { readPresent } from '../../src/init/present-file.js';
import { writeFiles } from '../../src/init/write-files.js';
import { filesBelow, inTemporaryFolder } from '../cli/program.js';

const force = { force: true };

test('where the last file cannot be put into its place, the others are as they were', () =>
  inTemporaryFolder(async (folder) => {
    await writeFile(join(folder, 'amended'), 'before');
    const present = await readPresent(folder, 'amended');
    const proposals = [
      proposeFile('a/b/new', 'new', undefined, force),
      proposeAddition('amended', 'after', present),
      // Shown when nothing was there: since then, somebody made a folder of that name with something in it.
      proposeFile('taken', 'text', undefined, force),
    ];
    await mkdir(join(folder, 'taken/by'), { recursive: true });
    await expect(writeFiles(folder, proposals)).rejects.toMatchObject({ code: 'OUTPUT_NOT_WRITTEN' });
    expect(await filesBelow(folder)).toEqual({ amended: 'before' });
    await expect(readFile(join(folder, 'a'))).rejects.toMatchObject({ code: 'ENOENT' });
  }));

test('a file that was edited while the question stood is not replaced', () =>
  inTemporaryFolder(async (folder) => {
    await writeFile(join(folder, 'hook'), 'mine');
    const proposals = [proposeFile('hook', 'ours', await readPresent(folder, 'hook'), force)];
    await writeFile(join(folder, 'hook'), 'mine, edited');
    await expect(writeFiles(folder, proposals)).rejects.toMatchObject({
      code: 'OUTPUT_NOT_WRITTEN',
      args: { reason: 'it was changed in the meantime' },
    });
    expect(await filesBelow(folder)).toEqual({ hook: 'mine, edited' });
  }));
