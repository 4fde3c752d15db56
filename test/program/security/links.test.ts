import { describe, expect, test } from '@jest/globals';
import { chmod, lchown, lstat, mkdir, readdir, realpath, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder, refuseLinks } from '../../../src/files/make-folder.js';
import { inTemporaryFolder } from '../../support/folder.js';
import { entriesBelow, inPlace, write, writers } from './at-rest.js';

describe('a symbolic link in the way of what is written is not followed', () => {
  test.each([
    ['generate', 'generated'],
    ['generate', 'generated/private'],
    ['run', 'biotz-report'],
    ['run', 'biotz-report/private'],
    ['token', 'biotz-report'],
    ['token', 'tokens.json'],
    ['demo', 'kept'],
    ['demo', 'kept/generated'],
    ['demo', 'kept/generated/private'],
  ])('%s: %s', (command, path) =>
    inPlace(async ({ folder, server }) => {
      await mkdir(join(folder, 'elsewhere'));
      await mkdir(join(folder, path, '..'), { recursive: true });
      await symlink(join(folder, 'elsewhere'), join(folder, path));
      const { status, stderr } = await write(writers(server)[command] ?? [], folder);
      expect({ status, said: stderr.includes('Symbolic links are not followed') }).toEqual({
        status: 3,
        said: true,
      });
      expect(await readdir(join(folder, 'elsewhere'))).toEqual([]);
      expect(server.usernames).toEqual([]);
    }),
  );

  test.each([
    ['serve', 'devices.csv'],
    ['keygen', 'identity.txt'],
  ])('%s --out %s', (command, name) =>
    inPlace(async ({ folder, server }) => {
      await symlink(join(folder, 'elsewhere'), join(folder, name));
      const { status } = await write(writers(server)[command] ?? [], folder);
      expect(status).toBe(2);
      expect(await readdir(folder)).toEqual([name]);
    }),
  );

  test.each([
    ['token', 'in/tokens.json'],
    ['serve', 'in/devices.csv'],
    ['keygen', 'in/identity.txt'],
  ])('%s --out %s, where the folder is one', (command, out) =>
    inPlace(async ({ folder, server }) => {
      await mkdir(join(folder, 'elsewhere'));
      await symlink(join(folder, 'elsewhere'), join(folder, 'in'));
      const args = writers(server)[command] ?? [];
      const { status } = await write(
        args.map((each, at) => (args[at - 1] === '--out' ? out : each)),
        folder,
      );
      expect(status).toBe(3);
      expect(await readdir(join(folder, 'elsewhere'))).toEqual([]);
    }),
  );

  test.each(['generated/private/devices.data.json', 'generated/biotz.postman_collection.json'])(
    'generate: %s counts as changed by a person',
    (path) =>
      inPlace(async ({ folder, server }) => {
        await mkdir(join(folder, path, '..'), { recursive: true });
        await writeFile(join(folder, 'elsewhere'), 'theirs');
        await symlink(join(folder, 'elsewhere'), join(folder, path));
        const { status, stderr } = await write(writers(server)['generate'] ?? [], folder);
        expect(status).toBe(2);
        expect(stderr).toContain('[OUTPUT_CHANGED]');
        expect((await lstat(join(folder, 'elsewhere'))).size).toBe(6);
      }),
  );

  test('those in the places of the journal, the reports and Newman’s own are replaced', () =>
    inPlace(async ({ folder, server }) => {
      const names = ['journal.ndjson', 'report.json', 'report.junit.xml', 'results.ndjson'];
      const own = ['private/newman.json', 'private/newman.junit.xml'];
      await mkdir(join(folder, 'biotz-report/private'), { recursive: true });
      await writeFile(join(folder, 'elsewhere'), 'theirs');
      for (const name of [...names, ...own])
        await symlink(join(folder, 'elsewhere'), join(folder, 'biotz-report', name));
      const { status } = await write(writers(server)['run'] ?? [], folder);
      expect(status).toBe(1);
      expect((await lstat(join(folder, 'elsewhere'))).size).toBe(6);
      const written = (await entriesBelow(join(folder, 'biotz-report'))).filter(({ path }) =>
        [...names, ...own].includes(path),
      );
      expect(written.map(({ kind }) => kind)).toEqual(written.map(() => 'file'));
      expect(written).toHaveLength(6);
    }));
});

describe('beyond the working folder', () => {
  test('a link in a folder of one’s own is followed', () =>
    inTemporaryFolder(async (folder) => {
      await mkdir(join(folder, 'real'));
      await symlink(join(folder, 'real'), join(folder, 'link'));
      await makeFolder(join(folder, 'link/new'));
      expect(await readdir(join(folder, 'real'))).toEqual(['new']);
    }));

  // Only root may give a link to another user.
  if (process.getuid?.() === 0) {
    test('a link that another user put into a folder that is open to all is not', () =>
      inTemporaryFolder(async (folder) => {
        await mkdir(join(folder, 'open'));
        await chmod(join(folder, 'open'), 0o1777);
        await mkdir(join(folder, 'real'));
        const link = join(await realpath(folder), 'open/link');
        await symlink(join(folder, 'real'), link);
        await expect(refuseLinks(join(link, 'x'))).resolves.toBeUndefined();
        await lchown(link, 12_345, 12_345);
        await expect(refuseLinks(join(link, 'x'))).rejects.toMatchObject({ code: 'ELOOP' });
      }));
  } else {
    test.todo(
      'NOT RUN, because it takes root: a link that another user put into an open folder is not followed',
    );
  }
});
