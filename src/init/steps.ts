import { join } from 'node:path';
import { readJson } from '../files/read-file.js';
import { shellWords } from '../text/shell-words.js';
import type { EncryptedFile } from './encrypted-file.js';
import type { Proposed } from './propose.js';
import { type CiSystem, type Disregard, exists, type HookManager, type Repository } from './repository.js';

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

type StepOf<C extends Step['code']> = Extract<Step, { readonly code: C }>;

/** What a person does, by the kind of program that runs a repository's hooks. */
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
    'Give GitHub the identity that decrypts the file, as the secret BIOTZ_AGE_IDENTITY (Settings, Secrets and variables, Actions), or: gh secret set BIOTZ_AGE_IDENTITY < biotz.identity.txt',
  gitlab:
    'Give GitLab the identity that decrypts the file, its line AGE-SECRET-KEY-1..., as the variable BIOTZ_AGE_IDENTITY (Settings, CI/CD, Variables): masked, protected, of the type "Variable".',
};

/** The sentences of everything that is left to do. */
const stepProse: { readonly [C in Step['code']]: (step: StepOf<C>) => string } = {
  kept: ({ files }) =>
    `Kept as you have ${files.length === 1 ? 'it' : 'them'}: ${files.join(', ')}. Take over by hand what you want of the lines above, or replace with --force.`,
  'wrong-folder': ({ root }) =>
    root === undefined
      ? 'This folder is in no git work tree: run "git init" here, or name the root of yours with --out.'
      : `CI and git look for these files at the root of the work tree only: use --out ${root}`,
  'install-program': () => 'Install the program for this repository: npm install --save-dev biotz-postman',
  'lock-versions': () =>
    'The pipeline installs with "npm ci", which needs a package-lock.json: run "npm install", or put your package manager\'s command there.',
  encrypt: ({ clear, encrypted }) =>
    `Encrypt the credentials: npx biotz-postman share keygen, then npx biotz-postman share ${clear} --to RECIPIENT, and commit ${encrypted}.`,
  'tracked-in-clear': ({ clear }) =>
    `Git has ${clear} with its passwords in clear: git rm --cached ${clear}, commit that, and give the devices new passwords, because the history keeps the old ones.`,
  'not-ignored': ({ clear }) =>
    `A line of a .gitignore still makes git take ${clear}: "git check-ignore --verbose ${clear}" names it; take it out.`,
  'encrypted-ignored': ({ encrypted }) =>
    `Git ignores the folder of ${encrypted}: git add --force ${encrypted}, or take out the line that "git check-ignore --verbose ${encrypted}" names.`,
  'store-identity': ({ ci }) => storingIdentity[ci],
  'include-jobs': () =>
    'Add to .gitlab-ci.yml: include: [{ local: .gitlab/biotz-fleet.yml }]. Its jobs are in the stage "test": where that file has "stages:", add it there, or name another stage in .gitlab/biotz-fleet.yml.',
  'enable-hook': ({ disables }) =>
    `Switch the hook on, in each clone: git config core.hooksPath .githooks${disables ? ' (.git/hooks/pre-commit would not be run any more: move what it does to .githooks/pre-commit)' : ''}`,
  'add-hook': ({ manager }) => addingHook[manager],
};

/** What to do, in a sentence or a few lines. */
export function formatStep<C extends Step['code']>(step: StepOf<C>): string {
  return stepProse[step.code](step);
}
