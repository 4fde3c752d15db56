import { expect, test } from '@jest/globals';
import { mkdir, readdir, readFile, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PrivateFile } from '../../../src/files/private-file.js';
import { inTemporaryFolder } from '../../support/folder.js';
import { git, makeRepository } from '../git/repository.js';
import { ofDead, ofLiving, ofUnknown } from '../../unit/files/left-behind.js';

const modeOf = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);

test('is in its place when it is whole, without other files', () =>
  inTemporaryFolder(async (folder) => {
    await writeFile(join(folder, 'tokens.json'), 'old', { mode: 0o644 });
    const file = await PrivateFile.create(join(folder, 'tokens.json'));
    await file.write('new');
    expect(await readFile(join(folder, 'tokens.json'), 'utf8')).toBe('old');
    await file.commit();
    expect(await readdir(folder)).toEqual(['tokens.json']);
    expect(await readFile(join(folder, 'tokens.json'), 'utf8')).toBe('new');
    expect(await modeOf(join(folder, 'tokens.json'))).toBe('600');
  }));

test('lies in a closed folder that git ignores while it is written', () =>
  inTemporaryFolder(async (folder) => {
    await makeRepository(folder);
    const file = await PrivateFile.create(join(folder, 'tokens.json'));
    await file.write('half');
    const hidden = (await readdir(folder)).find((name) => name.startsWith('.biotz')) ?? '';
    expect(await modeOf(join(folder, hidden))).toBe('700');
    const modes = (await readdir(join(folder, hidden))).map((name) => modeOf(join(folder, hidden, name)));
    expect(await Promise.all(modes)).toEqual(['600', '600']);
    expect(await git(folder, 'status', '--porcelain', '--untracked-files=all')).toBe('');
    await file.discard();
    expect(await readdir(folder)).toEqual(['.git']);
  }));

test('the files of a killed process are removed, and those of a running process stay', () =>
  inTemporaryFolder(async (folder) => {
    const [dead, living, unknown, forgotten] = [ofDead(), ofLiving(), ofUnknown(), ofUnknown()];
    const yours = '.biotz-of-yours.tmp';
    const old = new Date(Date.now() - 25 * 3_600_000);
    for (const name of [dead, living, unknown, forgotten, yours]) {
      await mkdir(join(folder, name));
      await writeFile(join(folder, name, 'secret'), '');
      if (name !== unknown) await utimes(join(folder, name, 'secret'), old, old);
      await utimes(join(folder, name), old, old);
    }
    await (await PrivateFile.create(join(folder, 'tokens.json'))).discard();
    expect((await readdir(folder)).toSorted()).toEqual([living, unknown, yours].toSorted());
  }));

test.each([
  ['a symbolic link', 'ELOOP', (file: string) => symlink(`${file}.elsewhere`, file)],
  ['a folder', 'EEXIST', (file: string) => mkdir(file)],
])('%s in its place is left alone', (_what, code, put) =>
  inTemporaryFolder(async (folder) => {
    const file = join(folder, 'tokens.json');
    await put(file);
    await expect(PrivateFile.create(file)).rejects.toMatchObject({ code });
    expect(await readdir(folder)).toEqual(['tokens.json']);
    await rm(file, { recursive: true });
  }),
);
