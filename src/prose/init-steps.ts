import type { Step } from '../init/steps.js';

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
