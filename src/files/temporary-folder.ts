import { rmSync } from 'node:fs';
import { chmod, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { atExit } from './at-exit.js';
import { temporaryName } from './holder.js';
import { removeStale } from './staged-file.js';

/** A folder (0700) that is removed when it is done with, or when the process exits. */
export interface TemporaryFolder {
  readonly path: string;
  remove(): Promise<void>;
}

/** Removes what killed processes have left in the same place, and makes a folder there. */
export async function makeTemporaryFolder(parent: string): Promise<TemporaryFolder> {
  await removeStale(parent);
  const path = join(parent, temporaryName());
  const withdraw = atExit(() => rmSync(path, { recursive: true, force: true }));
  await mkdir(path, { mode: 0o700 });
  // A umask may have taken it from its owner, too.
  await chmod(path, 0o700);
  return {
    path,
    remove: async () => {
      await rm(path, { recursive: true, force: true });
      withdraw();
    },
  };
}
