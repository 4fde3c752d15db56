import { realpath, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { askGit, findWorkTree } from '../git/work-tree.js';
import type { EncryptedFile } from './encrypted-file.js';

/** A CI system that `init` writes a pipeline for. */
export type CiSystem = 'github' | 'gitlab';

/** What `init` has to know of the folder it writes to. */
export interface Repository {
  /** The root of the git work tree that the folder is in; absent where it is in none. */
  readonly root?: string;
  /** Whether the folder is that root: CI systems and git look nowhere else. */
  readonly isRoot: boolean;
  /** Where it is hosted, as far as its remote or its files tell. */
  readonly ci?: CiSystem;
  /** The default branch. */
  readonly branch: string;
  /** `core.hooksPath`, where it is set. */
  readonly hooksPath?: string;
  /** Whether git runs a pre-commit hook in `.git/hooks`, which another `core.hooksPath` would switch off. */
  readonly hasOwnHook: boolean;
}

/** What git answers to a command, on one line; `undefined` where it says no, or is not there. */
export type AskGit = (...args: readonly string[]) => Promise<string | undefined>;

/**
 * Finds out about a folder. Nothing is changed.
 *
 * @param ask runs git in that folder
 */
export async function examineRepository(folder: string, ask: AskGit): Promise<Repository> {
  const root = await ask('rev-parse', '--show-toplevel');
  const hooksPath = root === undefined ? undefined : await configuredHooksPath(ask);
  const remote = await nameOfRemote(ask);
  const address = remote === undefined ? undefined : await ask('remote', 'get-url', remote);
  const ci = hostedBy(address) ?? (await systemOfFiles(folder));
  const gitFolder = await ask('rev-parse', '--git-common-dir');
  return {
    isRoot: root !== undefined && (await realpath(root)) === (await realpath(folder)),
    branch: await defaultBranch(ask, remote),
    hasOwnHook:
      hooksPath === undefined &&
      gitFolder !== undefined &&
      (await exists(resolve(folder, gitFolder, 'hooks/pre-commit'))),
    ...(root !== undefined && { root }),
    ...(ci !== undefined && { ci }),
    ...(hooksPath !== undefined && { hooksPath }),
  };
}

/** Git itself is asked with a `core.hooksPath` of ours, which has the scope `command` and comes last. */
async function configuredHooksPath(ask: AskGit): Promise<string | undefined> {
  const values = await ask('config', '--type=path', '--show-scope', '--null', '--get-all', 'core.hooksPath');
  const fields = values?.split('\0') ?? [];
  return fields.findLast((_, at) => at % 2 === 1 && fields[at - 1] !== 'command');
}

/** `origin`, as git calls what was cloned; else the first one. */
async function nameOfRemote(ask: AskGit): Promise<string | undefined> {
  const remotes = (await ask('remote'))?.split('\n') ?? [];
  return remotes.includes('origin') ? 'origin' : remotes[0];
}

/** By the host's name in the address of the remote, which may be a company's own: `gitlab.example.org`. */
function hostedBy(remote: string | undefined): CiSystem | undefined {
  const [, host = ''] = /^(?:\w+:\/\/)?(?:[^/@]*@)?([^/:]+)/.exec(remote ?? '') ?? [];
  const [system] = /github|gitlab/i.exec(host) ?? [];
  return system?.toLowerCase() as CiSystem | undefined;
}

async function systemOfFiles(folder: string): Promise<CiSystem | undefined> {
  if (await exists(join(folder, '.gitlab-ci.yml'))) return 'gitlab';
  return (await exists(join(folder, '.github'))) ? 'github' : undefined;
}

/** What the remote calls its default branch; where git does not know, `main` or the `master` that is there. */
async function defaultBranch(ask: AskGit, remote = 'origin'): Promise<string> {
  const head = await ask('symbolic-ref', '--short', `refs/remotes/${remote}/HEAD`);
  const branch = head?.replace(`${remote}/`, '');
  // Other characters mean something in a branch filter.
  if (branch !== undefined && /^[\w./-]+$/.test(branch)) return branch;
  const known = await ask(
    'for-each-ref',
    '--format=%(refname:short)',
    'refs/heads/main',
    'refs/heads/master',
  );
  return known === 'master' ? 'master' : 'main';
}

export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

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

/** Where git does not do with the credentials files what the ignored lines ask for. */
export type Disregard =
  /** What is in clear is in git already: lines in a `.gitignore` do not take it out. */
  | 'tracked-in-clear'
  /** A line behind ours, or in a folder's own `.gitignore`, takes it along. */
  | 'not-ignored'
  /** The encrypted file is not taken: its folder is ignored as a whole, which no line can undo. */
  | 'encrypted-ignored';

/**
 * @param folder the repository's root
 * @param isWritten whether the ignored lines are in place already; without them only what git has counts
 * @param environment the process's variables, by which git is found
 */
export async function disregards(
  folder: string,
  { path, clear }: EncryptedFile,
  isWritten: boolean,
  environment: NodeJS.ProcessEnv,
): Promise<readonly Disregard[]> {
  const found: Disregard[] = [];
  const inClear = await answerTo(join(folder, clear), environment);
  if (inClear?.tracked === true) found.push('tracked-in-clear');
  else if (isWritten && inClear?.ignored === false) found.push('not-ignored');
  const encrypted = await answerTo(join(folder, path), environment);
  if (isWritten && encrypted?.tracked === false && encrypted.ignored) found.push('encrypted-ignored');
  return found;
}

async function answerTo(file: string, environment: NodeJS.ProcessEnv) {
  const place = await findWorkTree(file);
  const answer = place && (await askGit(place, [], environment));
  // Where git cannot be asked, `check` says so.
  return answer?.known === true ? answer : undefined;
}
