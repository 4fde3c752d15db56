import { join, resolve } from 'node:path';
import type { Repository } from './repository.js';
import { exists } from './repository.js';

/**
 * What runs a repository's hooks: `git` itself, from `.githooks/`; `pre-commit` (pre-commit.com) or `husky`, which have
 * a file of their own for it; or `other`: a `core.hooksPath` that is none of ours.
 */
export type HookManager = 'git' | 'pre-commit' | 'husky' | 'other';

const HOOKS = '.githooks';
export const HOOK = `${HOOKS}/pre-commit`;

export async function hookManager(folder: string, { hooksPath }: Repository): Promise<HookManager> {
  if (await exists(join(folder, '.pre-commit-config.yaml'))) return 'pre-commit';
  if (await exists(join(folder, '.husky'))) return 'husky';
  const isOurs = hooksPath === undefined || resolve(folder, hooksPath) === resolve(folder, HOOKS);
  return isOurs ? 'git' : 'other';
}
