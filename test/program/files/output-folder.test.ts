import { execFile } from 'node:child_process';
import {
  chmod,
  lstat,
  mkdir,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeEach, expect, test } from '@jest/globals';
import { OutputFolder } from '../../../src/files/output-folder.js';
import { ofDead, ofLiving } from '../../unit/files/left-behind.js';
import { temporaryFolder } from '../../support/folder.js';

let folder: string;

beforeEach(async () => {
  folder = await temporaryFolder();
});

const at = (path: string) => join(folder, path);
const text = (path: string) => readFile(at(path), 'utf8');
const modeOf = async (path: string) => ((await stat(at(path))).mode & 0o777).toString(8);

/** Every file below the folder, without the manifest. */
async function files() {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory() && !['manifest.json', '.gitignore'].includes(entry.name))
    .map(({ name }) => name)
    .toSorted();
}

async function write(contents: Readonly<Record<string, string>>, { force = false } = {}) {
  const output = await OutputFolder.open(folder);
  try {
    for (const [path, content] of Object.entries(contents)) await output.write(path, content);
    return await output.commit({ force });
  } finally {
    await output.discard();
  }
}

test('files get their modes regardless of the umask, and private/ is closed to other users', async () => {
  await mkdir(at('private'));
  await chmod(at('private'), 0o777);
  const written = await write({ 'a.json': 'a', 'private/b.json': 'bé' });
  expect(written).toEqual([
    { path: 'a.json', mode: 0o644, bytes: 1, status: 'written' },
    { path: 'private/b.json', mode: 0o600, bytes: 3, status: 'written' },
  ]);
  const modes = await Promise.all(
    ['a.json', 'private', 'private/b.json', 'private/manifest.json'].map(modeOf),
  );
  expect(modes).toEqual(['644', '700', '600', '600']);
});

test('the same bytes count as unchanged, and other bytes replace our files', async () => {
  await write({ 'a.json': '1', 'private/b.json': '1' });
  await chmod(at('private/b.json'), 0o644);
  const again = await write({ 'a.json': '1', 'private/b.json': '1' });
  expect(again.map(({ status }) => status)).toEqual(['unchanged', 'unchanged']);
  expect(await modeOf('private/b.json')).toBe('600');
  const next = await write({ 'a.json': '2', 'private/b.json': '1' });
  expect(next.map(({ status }) => status)).toEqual(['written', 'unchanged']);
  expect(await text('a.json')).toBe('2');
  expect(await files()).toEqual(['a.json', 'b.json']);
});

test('all files that a person changed are named, and nothing is replaced', async () => {
  await write({ 'a.json': '1', 'b.json': '1', 'c.json': '1' });
  await writeFile(at('a.json'), 'mine');
  await writeFile(at('c.json'), 'mine');
  const next = { 'a.json': '2', 'b.json': '2', 'c.json': '2' };
  await expect(write(next)).rejects.toMatchObject({
    code: 'OUTPUT_CHANGED',
    args: { files: [at('a.json'), at('c.json')] },
  });
  expect([await text('a.json'), await text('b.json'), await text('c.json')]).toEqual(['mine', '1', 'mine']);
  expect(await files()).toEqual(['a.json', 'b.json', 'c.json']);

  await write(next, { force: true });
  expect([await text('a.json'), await text('b.json'), await text('c.json')]).toEqual(['2', '2', '2']);
});

test.each(['', '{', 'null', '[]', '{"files":{"a.json":7}}'])(
  'with the manifest %j a differing file is protected',
  async (manifest) => {
    await write({ 'a.json': '1' });
    await writeFile(at('private/manifest.json'), manifest);
    await expect(write({ 'a.json': '2' })).rejects.toMatchObject({ code: 'OUTPUT_CHANGED' });
    const same = await write({ 'a.json': '1' });
    expect(same[0]?.status).toBe('unchanged');
    await write({ 'a.json': '2' });
    expect(await text('a.json')).toBe('2');
  },
);

test('files that are not written this time stay in the manifest', async () => {
  await write({ 'private/a.json': '1', 'private/b.json': '1' });
  await write({ 'private/b.json': '2' });
  await write({ 'private/a.json': '2' });
  expect(await text('private/a.json')).toBe('2');
});

test('nothing is written through a symbolic link', async () => {
  await writeFile(at('elsewhere'), 'theirs');
  await symlink(at('elsewhere'), at('a.json'));
  await expect(write({ 'a.json': '1' })).rejects.toMatchObject({ code: 'OUTPUT_CHANGED' });
  await write({ 'a.json': '1' }, { force: true });
  expect((await lstat(at('a.json'))).isFile()).toBe(true);
  expect(await text('elsewhere')).toBe('theirs');
});

test('private/ must not be a symbolic link', async () => {
  await mkdir(at('elsewhere'));
  await symlink(at('elsewhere'), at('private'));
  await expect(write({ 'private/a.json': '1' })).rejects.toMatchObject({
    code: 'OUTPUT_NOT_WRITTEN',
    args: { file: at('private'), reason: 'ELOOP' },
  });
  expect(await readdir(at('elsewhere'))).toEqual([]);
});

test('a folder in the place of a file leaves everything unchanged', async () => {
  await write({ 'a.json': '1' });
  await mkdir(at('b.json'));
  await expect(write({ 'a.json': '2', 'b.json': '2' }, { force: true })).rejects.toMatchObject({
    code: 'OUTPUT_NOT_WRITTEN',
    args: { file: at('b.json'), reason: 'EISDIR' },
  });
  expect(await text('a.json')).toBe('1');
  expect(await files()).toEqual(['a.json']);
});

test('a manifest that cannot be replaced is an error that leaves no temporary file behind', async () => {
  await write({ 'a.json': '1' });
  await rm(at('private/manifest.json'));
  await mkdir(at('private/manifest.json'));
  await expect(write({ 'a.json': '1', 'b.json': '1' })).rejects.toMatchObject({
    code: 'OUTPUT_NOT_WRITTEN',
    args: { file: at('private/manifest.json'), reason: 'EISDIR' },
  });
  expect(await files()).toEqual(['a.json', 'b.json']);
});

test('a file in the place of the folder is an error that names it', async () => {
  await writeFile(at('out'), '');
  await expect(OutputFolder.open(at('out/sub'))).rejects.toMatchObject({
    code: 'OUTPUT_NOT_WRITTEN',
    args: { file: at('out/sub'), reason: 'ENOTDIR' },
  });
});

test('discarding leaves nothing behind, not even the folders', async () => {
  const output = await OutputFolder.open(at('new'));
  await output.write('a.json', '1');
  const writer = await output.create('private/b.json');
  await writer.write('half');
  await output.discard();
  expect(await readdir(folder)).toEqual([]);
});

test('the temporary file of a killed run does not block other runs', async () => {
  const killed = await OutputFolder.open(folder);
  await killed.write('private/a.json', 'half');
  await write({ 'private/a.json': 'whole' });
  expect(await text('private/a.json')).toBe('whole');
  await killed.discard();
  expect(await files()).toEqual(['a.json']);
});

// `ulimit -f` ends a write with EFBIG where a full disk would with ENOSPC.
test('a write that the system cuts off leaves the old files whole', async () => {
  await write({ 'a.json': 'old', 'private/b.json': 'old' });
  const module = new URL('../../../dist/files/output-folder.js', import.meta.url).href;
  const program = `
    import { OutputFolder } from ${JSON.stringify(module)};
    const output = await OutputFolder.open(${JSON.stringify(folder)});
    try {
      await output.write('a.json', 'new');
      const writer = await output.create('private/b.json');
      for (let piece = 0; piece < 10; piece += 1) await writer.write('x'.repeat(100_000));
      await output.commit({ force: false });
    } catch (error) {
      console.log(error.code, error.args.reason);
      await output.discard();
    }`;
  const { stdout } = await promisify(execFile)('sh', [
    '-c',
    'ulimit -f 256; exec "$0" --input-type=module -e "$1"',
    process.execPath,
    program,
  ]);
  expect(stdout.trim()).toBe('OUTPUT_NOT_WRITTEN EFBIG');
  expect([await text('a.json'), await text('private/b.json')]).toEqual(['old', 'old']);
  expect(await files()).toEqual(['a.json', 'b.json']);
});

test('private/ is ignored by git before the first secret is written, and temporary files of killed runs are removed', async () => {
  const output = await OutputFolder.open(folder);
  expect(await text('private/.gitignore')).toBe('*\n');
  const [dead, living] = [ofDead(), ofLiving()];
  await writeFile(join(folder, 'private', dead), 'secret of a killed run');
  await writeFile(join(folder, 'private', living), 'of a run that goes on');
  await utimes(join(folder, 'private', living), 0, 0);
  await output.discard();
  await OutputFolder.open(folder);
  expect(await readdir(join(folder, 'private'))).toEqual([living, '.gitignore']);
});
