import { test } from '@jest/globals';
import { spawnSync } from 'node:child_process';

/** Whether a program is on this machine. */
export function isInstalled({ command }: { readonly command: string }): boolean {
  return spawnSync('sh', ['-c', 'command -v "$0"', command]).status === 0;
}

/** Those whose program is here. Each of the others is left as a test to do, and .ci/run names it in the end. */
export function whereInstalled<T extends { readonly command: string }>(all: readonly T[], what: string): T[] {
  for (const { command } of all.filter((each) => !isInstalled(each))) {
    test.todo(`NOT RUN, because ${command} is not on this machine: ${what}`);
  }
  return all.filter(isInstalled);
}
