import { describe, expect, test } from '@jest/globals';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemRefusal } from '../../../src/cli/errors.js';
import { writeCsv } from './fleet.js';
import { inTemporaryFolder } from '../../support/folder.js';
import { bin, spawnProgram as program, shell } from '../../support/program.js';

/** Runs the program where no file may be longer than some blocks of 512 bytes, as on a disk that is full. */
const limited = (blocks: number, args: readonly string[], cwd: string) =>
  shell(`ulimit -f ${blocks}; exec "$0" "$@"`, [process.execPath, bin, ...args], { cwd });

describe('where the disk has no room, a file of secrets is not written at all:', () => {
  test.each<[string, number, readonly string[]]>([
    ['serve --out', 2, ['serve', '--devices', '100', '--port', '0', '--out', 'devices.csv']],
    ['demo --keep', 2, ['demo', '--devices', '100', '--keep', '.']],
    ['share keygen', 0, ['share', 'keygen', '--out', 'key.txt']],
  ])('%s', (_, blocks, args) =>
    inTemporaryFolder(async (folder) => {
      const { status, stderr } = await limited(blocks, args, folder);
      expect(stderr).toMatch(
        /could not be written \(EFBIG\); an existing file there is unchanged.*OUTPUT_NOT_WRITTEN/,
      );
      expect(status).toBe(3);
      expect(await readdir(folder)).toEqual([]);
    }),
  );

  test('and no empty .gitignore is left, which would let git take the next ones', () =>
    inTemporaryFolder(async (folder) => {
      await mkdir(join(folder, 'out', 'private'), { recursive: true });
      await writeCsv(folder, [{}]);
      const { stderr } = await limited(0, ['generate', 'devices.csv', '--out', 'out'], folder);
      expect(stderr).toContain('EFBIG');
      expect(await readdir(join(folder, 'out', 'private'))).toEqual([]);
    }));
});

describe('demo without a usable temporary folder names TMPDIR:', () => {
  test.each([
    ['one that does not exist', 'nowhere', 'ENOENT'],
    ['a file', 'file', 'ENOTDIR'],
    ['a folder that is not to be written to', '/proc', 'ENOENT'],
  ])('%s', (_, path, reason) =>
    inTemporaryFolder(async (folder) => {
      await writeFile(join(folder, 'file'), '');
      const TMPDIR = path.startsWith('/') ? path : join(folder, path);
      const { status, stderr } = await program(['demo', '--devices', '1'], { cwd: folder, env: { TMPDIR } });
      expect(stderr).toContain(
        `A temporary folder in ${TMPDIR} could not be written (${reason}). Set TMPDIR`,
      );
      expect(status).toBe(3);
    }),
  );
});

describe('a working folder that was deleted is named:', () => {
  test.each([['check', 'devices.csv'], ['demo'], ['share', 'check', '.'], ['--help']])('%s %s', (...args) =>
    inTemporaryFolder(async (folder) => {
      const deleted = join(folder, 'deleted');
      await mkdir(deleted);
      const { status, stderr } = await shell(
        'rmdir "$PWD"; exec "$0" "$@"',
        [process.execPath, bin, ...args],
        {
          cwd: deleted,
        },
      );
      expect(stderr).toContain('The working folder cannot be read (ENOENT). It may have been deleted');
      expect(status).toBe(3);
    }),
  );
});

test('whatever else the system refuses is an error with its own words, and keeps the place where it happened', () => {
  const refused = Object.assign(new Error('EMFILE'), { code: 'EMFILE', syscall: 'scandir', path: 'a/b' });
  const error = systemRefusal(refused);
  expect(error?.message).toMatch(
    /^The system refused the call "scandir" for a\/b \(EMFILE\)\. Raise the number/,
  );
  expect(error?.stack).toBe(refused.stack);
  for (const other of [new Error('x'), Object.assign(new Error('x'), { code: 'ERR_X' }), error, 'EMFILE'])
    expect(systemRefusal(other)).toBeUndefined();
});
