import { join } from 'node:path';
import type { CiSystem } from './ci-files.js';
import { readJson } from '../files/read-file.js';
import { shellWords } from '../snippet/shell-words.js';
import type { EncryptedFile } from './encrypted-file.js';
import type { HookManager } from './hook-manager.js';
import type { Disregard } from './kept-by-git.js';
import type { Proposed } from './propose.js';
import type { Repository } from './repository.js';
import { exists } from './repository.js';

/** What is left for a person to do before the files are of use. */
export type Step =
  | { readonly code: 'kept'; readonly files: readonly string[] }
  /** No `root`: the folder is in no git work tree. */
  | { readonly code: 'wrong-folder'; readonly root?: string }
  | { readonly code: 'install-program' }
  | { readonly code: 'lock-versions' }
  | StepOfFile<'encrypt' | Disregard>
  | { readonly code: 'store-identity'; readonly ci: CiSystem }
  | { readonly code: 'include-jobs' }
  /** `disables`: git runs a hook of `.git/hooks` now, and would not any more. */
  | { readonly code: 'enable-hook'; readonly disables: boolean }
  | { readonly code: 'add-hook'; readonly manager: Exclude<HookManager, 'git'> };

/** Each path as a shell reads it back. */
type StepOfFile<C extends string> = C extends string
  ? { readonly code: C; readonly clear: string; readonly encrypted: string }
  : never;

/**
 * @param folder where the files go
 * @param proposed what is, or was, written there
 */
export async function stepsAfter(
  folder: string,
  repository: Repository,
  { files, hooks, mustInclude }: Proposed,
  {
    ci,
    devices,
    disregarded,
  }: {
    readonly ci: CiSystem | 'none';
    readonly devices: EncryptedFile;
    readonly disregarded: readonly Disregard[];
  },
): Promise<readonly Step[]> {
  const kept = files.filter(({ status }) => status === 'kept').map(({ path }) => path);
  const { root, isRoot, hooksPath, hasOwnHook } = repository;
  const steps: Step[] = [];
  if (kept.length > 0) steps.push({ code: 'kept', files: kept });
  if (!isRoot) steps.push({ code: 'wrong-folder', ...(root !== undefined && { root }) });
  if (!(await namesProgram(join(folder, 'package.json')))) steps.push({ code: 'install-program' });
  else if (ci !== 'none' && !(await exists(join(folder, 'package-lock.json')))) {
    steps.push({ code: 'lock-versions' });
  }
  const paths = { clear: shellWords([devices.clear]), encrypted: shellWords([devices.path]) };
  if (!(await exists(join(folder, devices.path)))) steps.push({ code: 'encrypt', ...paths });
  for (const code of disregarded) steps.push({ code, ...paths });
  if (ci !== 'none') steps.push({ code: 'store-identity', ci });
  if (mustInclude) steps.push({ code: 'include-jobs' });
  if (hooks !== 'git') steps.push({ code: 'add-hook', manager: hooks });
  else if (hooksPath === undefined) steps.push({ code: 'enable-hook', disables: hasOwnHook });
  return steps;
}

/** Whether a package depends on this program, or is it. */
async function namesProgram(file: string): Promise<boolean> {
  const read = await readJson(file, { mostBytes: MOST_BYTES, pipes: false });
  // No file, or none that npm could read either.
  if (!('value' in read) || typeof read.value !== 'object' || read.value === null) return false;
  const { name, dependencies, devDependencies } = read.value as Manifest;
  return name === PROGRAM || PROGRAM in { ...dependencies, ...devDependencies };
}

const PROGRAM = 'biotz-postman';

/** A package.json is some kilobytes long. */
const MOST_BYTES = 10_000_000;

interface Manifest {
  readonly name?: unknown;
  readonly dependencies?: object;
  readonly devDependencies?: object;
}
