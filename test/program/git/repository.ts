import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Runs git in a folder, without what the machine's own configuration says. */
export async function git(folder: string, ...args: readonly string[]): Promise<string> {
  const env = { PATH: process.env['PATH'], HOME: folder, GIT_CONFIG_NOSYSTEM: '1' };
  return (await run('git', ['-C', folder, ...args], { env })).stdout;
}

/**
 * Makes a git repository of a folder.
 *
 * @param files its files, by their paths in it
 * @param tracked paths of those that are added, also where they are ignored
 */
export async function makeRepository(
  folder: string,
  files: Readonly<Record<string, string>> = {},
  tracked: readonly string[] = [],
): Promise<void> {
  await git(folder, 'init', '--quiet');
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text, { mode: 0o600 });
  }
  for (const path of tracked) await git(folder, 'add', '--force', path);
}
