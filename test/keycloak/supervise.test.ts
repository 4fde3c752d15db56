import { expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { inTemporaryFolder } from '../support/folder.js';

const supervise = fileURLToPath(new URL('supervise.mjs', import.meta.url));

/** A program that, like kc.sh, starts another, is deaf to signals, and never ends. */
const deaf = ['sh', '-c', "trap '' TERM INT HUP; sleep 600 & echo started; wait"];

/** Starts a program in the care of the supervisor, and waits until it says something. */
async function start(folder: string) {
  const supervisor = spawn(process.execPath, [supervise, folder, ...deaf]);
  // It comes once no process holds standard output any more, and all of them do.
  const allEnded = once(supervisor, 'close');
  await once(supervisor.stdout, 'data');
  return { supervisor, allEnded };
}

test('when its standard input closes, the program ends with all that it started, and the folder is gone', () =>
  inTemporaryFolder(async (folder) => {
    const { supervisor, allEnded } = await start(folder);
    supervisor.stdin.end();
    await allEnded;
    await expect(access(folder)).rejects.toThrow('ENOENT');
  }));

test('a signal does the same', () =>
  inTemporaryFolder(async (folder) => {
    const { supervisor, allEnded } = await start(folder);
    supervisor.kill('SIGTERM');
    await allEnded;
    await expect(access(folder)).rejects.toThrow('ENOENT');
  }));

test('a program that ends by itself ends the supervisor with its status', () =>
  inTemporaryFolder(async (folder) => {
    const supervisor = spawn(process.execPath, [supervise, folder, 'sh', '-c', 'exit 7']);
    expect(await once(supervisor, 'close')).toEqual([7, null]);
    await expect(access(folder)).rejects.toThrow('ENOENT');
  }));
