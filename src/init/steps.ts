import { join } from 'node:path';
import { readJson } from '../files/read-file.js';
import { shellWords } from '../text/shell-words.js';
import type { EncryptedFile } from './encrypted-file.js';
import type { Proposed } from './propose.js';
import { type CiSystem, type Disregard, exists, type HookManager, type Repository } from './repository.js';

/** What the user must do before the files are useful. */
export type Step =
  | { readonly code: 'kept'; readonly files: readonly string[] }
  /** Without `root`, the folder is not in a git work tree. */
  | { readonly code: 'wrong-folder'; readonly root?: string }
  | { readonly code: 'install-program' }
  | { readonly code: 'lock-versions' }
  | StepOfFile<'encrypt' | Disregard>
  | { readonly code: 'store-identity'; readonly ci: CiSystem }
  | { readonly code: 'include-jobs' }
  /** `disables`: git now runs a hook in `.git/hooks`, which it would then ignore. */
  | { readonly code: 'enable-hook'; readonly disables: boolean }
  | { readonly code: 'add-hook'; readonly manager: Exclude<HookManager, 'git'> };

/** Paths are quoted for a shell. */
type StepOfFile<C extends string> = C extends string
  ? { readonly code: C; readonly plain: string; readonly encrypted: string }
  : never;

/**
 * Lists what is left to do.
 *
 * @param folder the output folder
 * @param proposed the files that are written there, or were
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
  const paths = { plain: shellWords([devices.plain]), encrypted: shellWords([devices.path]) };
  if (!(await exists(join(folder, devices.path)))) steps.push({ code: 'encrypt', ...paths });
  for (const code of disregarded) steps.push({ code, ...paths });
  if (ci !== 'none') steps.push({ code: 'store-identity', ci });
  if (mustInclude) steps.push({ code: 'include-jobs' });
  if (hooks !== 'git') steps.push({ code: 'add-hook', manager: hooks });
  else if (hooksPath === undefined) steps.push({ code: 'enable-hook', disables: hasOwnHook });
  return steps;
}

/** Whether a package depends on this program, or is this program. */
async function namesProgram(file: string): Promise<boolean> {
  const read = await readJson(file, { mostBytes: MOST_BYTES, pipes: false });
  // The file does not exist, or npm could not read it either.
  if (!('value' in read) || typeof read.value !== 'object' || read.value === null) return false;
  const { name, dependencies, devDependencies } = read.value as Manifest;
  return name === PROGRAM || PROGRAM in { ...dependencies, ...devDependencies };
}

const PROGRAM = 'biotz-postman';

/** Limit on a package.json, which usually has some kilobytes. */
const MOST_BYTES = 10_000_000;

interface Manifest {
  readonly name?: unknown;
  readonly dependencies?: object;
  readonly devDependencies?: object;
}

type StepOf<C extends Step['code']> = Extract<Step, { readonly code: C }>;

/** How to add the hook, by the program that runs a repository's hooks. */
const addingHook: { readonly [M in StepOf<'add-hook'>['manager']]: string } = {
  'pre-commit': `Add the check to .pre-commit-config.yaml, below "repos:":
  - repo: local
    hooks:
      - id: biotz-share-check
        name: no secret in the commit
        entry: node_modules/.bin/biotz-postman share check --staged
        language: system
        pass_filenames: false`,
  husky: 'Add this line to .husky/pre-commit: npx --no-install biotz-postman share check --staged',
  other:
    'Add this line to the pre-commit hook in the folder that core.hooksPath names: npx --no-install biotz-postman share check --staged',
};

const storingIdentity: { readonly [C in StepOf<'store-identity'>['ci']]: string } = {
  github:
    'Store the identity that decrypts the file as the secret BIOTZ_AGE_IDENTITY in GitHub (Settings, Secrets and variables, Actions), or run: gh secret set BIOTZ_AGE_IDENTITY < biotz.identity.txt',
  gitlab:
    'Store the identity that decrypts the file, its line AGE-SECRET-KEY-1..., as the variable BIOTZ_AGE_IDENTITY in GitLab (Settings, CI/CD, Variables): masked, protected, type "Variable".',
};

/** The sentences for each step. */
const stepProse: { readonly [C in Step['code']]: (step: StepOf<C>) => string } = {
  kept: ({ files }) =>
    `Kept as you have ${files.length === 1 ? 'it' : 'them'}: ${files.join(', ')}. Copy the lines above that you want, or replace with --force.`,
  'wrong-folder': ({ root }) =>
    root === undefined
      ? 'This folder is not in a git work tree. Run "git init" here, or name the root of your work tree with --out.'
      : `CI and git read these files only at the root of the work tree: use --out ${root}`,
  'install-program': () => 'Install the program for this repository: npm install --save-dev biotz-postman',
  'lock-versions': () =>
    'The pipeline installs with "npm ci", which needs a package-lock.json: run "npm install", or use your package manager\'s command there.',
  encrypt: ({ plain, encrypted }) =>
    `Encrypt the credentials: npx biotz-postman share keygen, then npx biotz-postman share ${plain} --to RECIPIENT, and commit ${encrypted}.`,
  'tracked-in-clear': ({ plain }) =>
    `Git has ${plain} with its passwords in plain text. Run: git rm --cached ${plain}, commit that, and give the devices new passwords, because the history keeps the old ones.`,
  'not-ignored': ({ plain }) =>
    `A line of a .gitignore still includes ${plain}. Remove the line that "git check-ignore --verbose ${plain}" names.`,
  'encrypted-ignored': ({ encrypted }) =>
    `Git ignores the folder of ${encrypted}. Run: git add --force ${encrypted}, or remove the line that "git check-ignore --verbose ${encrypted}" names.`,
  'store-identity': ({ ci }) => storingIdentity[ci],
  'include-jobs': () =>
    'Add to .gitlab-ci.yml: include: [{ local: .gitlab/biotz-fleet.yml }]. Its jobs are in the stage "test". If that file has "stages:", add it there, or use another stage in .gitlab/biotz-fleet.yml.',
  'enable-hook': ({ disables }) =>
    `Enable the hook in each clone: git config core.hooksPath .githooks${disables ? ' (git then ignores .git/hooks/pre-commit: move its commands to .githooks/pre-commit)' : ''}`,
  'add-hook': ({ manager }) => addingHook[manager],
};

/** A step in one or more sentences. */
export function formatStep<C extends Step['code']>(step: StepOf<C>): string {
  return stepProse[step.code](step);
}
