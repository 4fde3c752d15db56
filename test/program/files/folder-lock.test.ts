import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, realpath, symlink, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { FolderLock, LOCK } from '../../../src/files/folder-lock.js';
import { holderOf, lifeOf } from '../../../src/files/holder.js';
import { inTemporaryFolder } from '../../support/folder.js';
import { nameWith } from '../../unit/files/left-behind.js';
import { LockingProcess } from './locking.js';

/** Puts a lock into a folder as a process of that name leaves it. */
async function leave(folder: string, name: string) {
  await mkdir(join(folder, LOCK));
  await writeFile(join(folder, LOCK, name), '');
}

test('a folder has one lock, which leaves nothing behind when it is released', () =>
  inTemporaryFolder(async (folder) => {
    const lock = await FolderLock.take(folder);
    expect(await readdir(folder)).toEqual([LOCK]);
    await expect(FolderLock.take(folder)).rejects.toMatchObject({
      code: 'FOLDER_IN_USE',
      args: { folder, lock: join(folder, LOCK), holder: { pid: process.pid, isAlive: true } },
    });
    await lock.release();
    expect(await readdir(folder)).toEqual([]);
    await (await FolderLock.take(folder)).release();
  }));

test('the lock is the same for every path to its folder', () =>
  inTemporaryFolder(async (parent) => {
    const folder = join(parent, 'reports');
    await mkdir(folder);
    await symlink(folder, join(parent, 'link'));
    const lock = await FolderLock.take(folder);
    for (const path of [
      join(parent, 'link'),
      relative('', folder),
      `${await realpath(folder)}/../reports/`,
    ]) {
      await expect(FolderLock.take(path)).rejects.toMatchObject({ code: 'FOLDER_IN_USE' });
    }
    await lock.release();
  }));

test('a folder that cannot be written to is refused with the error of the system', () =>
  inTemporaryFolder(async (folder) => {
    await expect(FolderLock.take(join(folder, 'missing'))).rejects.toMatchObject({ code: 'ENOENT' });
    await writeFile(join(folder, LOCK), 'a file');
    await expect(FolderLock.take(folder)).rejects.toMatchObject({ code: 'ENOTDIR' });
    expect(await readdir(folder)).toEqual([LOCK]);
  }));

describe('a lock that was left behind', () => {
  test('by a process that was killed is taken over', () =>
    inTemporaryFolder(async (folder) => {
      const killed = new LockingProcess(folder);
      expect(await killed.toEnd(await killed.said())).toBe('held');
      await expect(FolderLock.take(folder)).rejects.toMatchObject({
        args: { holder: { pid: killed.pid, isAlive: true } },
      });
      await killed.kill();
      const lock = await FolderLock.take(folder);
      const [entry = ''] = await readdir(join(folder, LOCK));
      expect(holderOf(entry)?.pid).toBe(process.pid);
      await lock.release();
      expect(await readdir(folder)).toEqual([]);
    }));

  test('by a process whose PID was reused is taken over', () =>
    inTemporaryFolder(async (folder) => {
      await leave(folder, nameWith(undefined, '1'));
      await (await FolderLock.take(folder)).release();
      expect(await readdir(folder)).toEqual([]);
    }));

  test.each([
    ['on another machine, or in another container', '0123456789abcdef'],
    ['where the system does not tell which machine it is', ''],
  ])('by a process %s is refused, with the file to delete', (_where, machine) =>
    inTemporaryFolder(async (folder) => {
      const name = nameWith('1', undefined, machine);
      await leave(folder, name);
      const refused = FolderLock.take(folder);
      await expect(refused).rejects.toMatchObject({ args: { holder: { pid: 1, isAlive: false } } });
      await expect(refused).rejects.toThrow(join(folder, LOCK));
      expect(await readdir(join(folder, LOCK))).toEqual([name]);
      expect(await readdir(folder)).toEqual([LOCK]);
    }),
  );

  test('by another program is refused', () =>
    inTemporaryFolder(async (folder) => {
      await leave(folder, 'something');
      const refused = FolderLock.take(folder);
      await expect(refused).rejects.toThrow(`Delete ${join(folder, LOCK)}`);
      expect(await readdir(join(folder, LOCK))).toEqual(['something']);
    }));

  test('and copied into a folder beside another one lets one process in', () =>
    inTemporaryFolder(async (folder) => {
      await leave(folder, nameWith(undefined, '1'));
      await writeFile(join(folder, LOCK, nameWith(undefined, '2')), '');
      const takers = await Promise.allSettled(Array.from({ length: 8 }, () => FolderLock.take(folder)));
      expect(takers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    }));
});

/** State and start time of a process: proc_pid_stat(5). */
async function statOf(pid: string) {
  const [state, ...rest] = (await readFile(`/proc/${pid}/stat`, 'latin1'))
    .replace(/^.*\)\s*/s, '')
    .split(' ');
  return { state, start: rest[18] };
}

test('a process that has ended is dead, even if its parent never collects it', async () => {
  const parent = spawn('sh', ['-c', 'cat <&3 & echo $!; exec 3<&-; exec cat'], {
    stdio: ['pipe', 'pipe', 'inherit', 'pipe'],
  });
  try {
    const [input, output, , gate] = parent.stdio;
    if (input === null || output === null) throw new Error('no pipes');
    const heard = async () => String((await once(output, 'data'))[0]).trim();
    const pid = await heard();
    input.write('now the parent is a program that collects no process\n');
    await heard();
    const child = holderOf(nameWith(pid, (await statOf(pid)).start));
    if (child === undefined) throw new Error(`no holder: ${pid}`);
    expect(lifeOf(child)).toBe('alive');
    gate?.destroy();
    while ((await statOf(pid)).state !== 'Z') await setImmediate();
    expect(lifeOf(child)).toBe('dead');
  } finally {
    parent.kill();
  }
});
