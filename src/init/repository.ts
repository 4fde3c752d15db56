import { realpath, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { askGit, findWorkTree } from '../git/work-tree.js';
import type { EncryptedFile } from './encrypted-file.js';

/** A CI system that `init` writes a pipeline for. */
export type CiSystem = 'github' | 'gitlab';

/** What `init` must know about its output folder. */
export interface Repository {
  /** The root of the git work tree that contains the folder; absent outside of a work tree. */
  readonly root?: string;
  /** Whether the folder is that root: CI systems and git read these files only there. */
  readonly isRoot: boolean;
  /** Where the repository is hosted, if its remote or its files show it. */
  readonly ci?: CiSystem;
  /** The default branch. */
  readonly branch: string;
  /** `core.hooksPath`, if it is set. */
  readonly hooksPath?: string;
  /** Whether git runs a pre-commit hook in `.git/hooks`. Setting `core.hooksPath` would disable it. */
  readonly hasOwnHook: boolean;
}

/** Runs a git command and returns its output; `undefined` if it fails or git is not installed. */
export type AskGit = (...args: readonly string[]) => Promise<string | undefined>;

/**
 * Examines a folder without changing it.
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

/** Our own calls of git set `core.hooksPath`, too. That value has the scope `command` and is ignored here. */
async function configuredHooksPath(ask: AskGit): Promise<string | undefined> {
  const values = await ask('config', '--type=path', '--show-scope', '--null', '--get-all', 'core.hooksPath');
  const fields = values?.split('\0') ?? [];
  return fields.findLast((_, at) => at % 2 === 1 && fields[at - 1] !== 'command');
}

/** `origin`, which git chooses for a clone; otherwise the first remote. */
async function nameOfRemote(ask: AskGit): Promise<string | undefined> {
  const remotes = (await ask('remote'))?.split('\n') ?? [];
  return remotes.includes('origin') ? 'origin' : remotes[0];
}

/** Detects the system by the host in the remote's address, which may be a company's own: `gitlab.example.org`. */
function hostedBy(remote: string | undefined): CiSystem | undefined {
  const [, host = ''] = /^(?:\w+:\/\/)?(?:[^/@]*@)?([^/:]+)/.exec(remote ?? '') ?? [];
  const [system] = /github|gitlab/i.exec(host) ?? [];
  return system?.toLowerCase() as CiSystem | undefined;
}

async function systemOfFiles(folder: string): Promise<CiSystem | undefined> {
  if (await exists(join(folder, '.gitlab-ci.yml'))) return 'gitlab';
  return (await exists(join(folder, '.github'))) ? 'github' : undefined;
}

/** The remote's default branch. If git does not know it: `master` if only that exists, otherwise `main`. */
async function defaultBranch(ask: AskGit, remote = 'origin'): Promise<string> {
  const head = await ask('symbolic-ref', '--short', `refs/remotes/${remote}/HEAD`);
  const branch = head?.replace(`${remote}/`, '');
  // Other characters are special in a branch filter.
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
 * The program that runs a repository's hooks: `git` itself, from `.githooks/`; `pre-commit` (pre-commit.com) or `husky`,
 * which have configuration files of their own; or `other`, if `core.hooksPath` is another folder.
 */
export type HookManager = 'git' | 'pre-commit' | 'husky' | 'other';

const HOOKS = '.githooks';
export const HOOK = `${HOOKS}/pre-commit`;

export async function detectHookManager(folder: string, { hooksPath }: Repository): Promise<HookManager> {
  if (await exists(join(folder, '.pre-commit-config.yaml'))) return 'pre-commit';
  if (await exists(join(folder, '.husky'))) return 'husky';
  const isOurs = hooksPath === undefined || resolve(folder, hooksPath) === resolve(folder, HOOKS);
  return isOurs ? 'git' : 'other';
}

/** Ways in which git treats the credentials files differently from the ignored lines. */
export type Disregard =
  /** Git has the unencrypted file already: lines in a `.gitignore` do not remove it. */
  | 'tracked-in-clear'
  /** A line after ours, or a `.gitignore` of another folder, includes the unencrypted file. */
  | 'not-ignored'
  /** Git ignores the encrypted file: its whole folder is ignored, which no line can undo. */
  | 'encrypted-ignored';

/**
 * @param folder the repository's root
 * @param isWritten whether the ignored lines are written already; before that, only tracked files count
 * @param environment the process's environment, which is used to find git
 */
export async function disregards(
  folder: string,
  { path, plain }: EncryptedFile,
  isWritten: boolean,
  environment: NodeJS.ProcessEnv,
): Promise<readonly Disregard[]> {
  const found: Disregard[] = [];
  const unencrypted = await answerTo(join(folder, plain), environment);
  if (unencrypted?.tracked === true) found.push('tracked-in-clear');
  else if (isWritten && unencrypted?.ignored === false) found.push('not-ignored');
  const encrypted = await answerTo(join(folder, path), environment);
  if (isWritten && encrypted?.tracked === false && encrypted.ignored) found.push('encrypted-ignored');
  return found;
}

async function answerTo(file: string, environment: NodeJS.ProcessEnv) {
  const place = await findWorkTree(file);
  const answer = place && (await askGit(place, [], environment));
  // If git cannot answer, `share check` reports it.
  return answer?.known === true ? answer : undefined;
}
