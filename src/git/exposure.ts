import type { ArgsOf } from '../errors/prose.js';
import { realpath, stat } from 'node:fs/promises';
import { platform } from 'node:os';
import { dirname } from 'node:path';
import { askGit, findWorkTree, type InWorkTree } from './work-tree.js';

/** Who else can get at a file of secrets: what each code carries, and its sentences. */
export const exposureProse = {
  /** Others than its owner may read it, or look into it. `mode` as `chmod` has it, e.g. `0644`; `wanted`: what it should be. */
  'file-readable-by-others': ({
    file,
    mode,
    wanted,
  }: {
    readonly file: string;
    readonly mode: string;
    readonly wanted: '600' | '700';
  }) => ({
    reason: `Others on this machine may read it: its mode is ${mode}.`,
    next: `Close it to them: chmod ${wanted} ${/^[\w./@+][\w./@+-]*$/.test(file) ? file : 'FILE'}`,
  }),
  /** Anybody may put another file in its place: a folder above it is open to all and not sticky. */
  'folder-writable-by-others': ({ folder }: { readonly folder: string }) => ({
    reason: `Anybody on this machine may put another in its place: everybody may write to ${folder}.`,
    next: 'Keep it in a folder of your own, or close that one: chmod o-w FOLDER.',
  }),
  /** Git has it in its index, so that it is committed or will be. */
  'file-tracked': ({ workTree, rule }: IgnoreRule) => ({
    reason: `Git tracks it (work tree ${workTree}): whoever gets the repository gets the secrets.`,
    next: `Take it out of the index (git rm --cached -r FILE), add the line ${rule} to .gitignore, and change the passwords: what was committed stays in the history.`,
  }),
  /** `git add` would take it. */
  'file-not-ignored': ({ workTree, rule }: IgnoreRule) => ({
    reason: `It lies in the git work tree ${workTree}, which does not ignore it: "git add" would take it along.`,
    next: `Add the line ${rule} to ${workTree}/.gitignore, or keep it elsewhere.`,
  }),
  /** It lies in a git work tree, of which git could not be asked. `reason` is an errno name, `timeout` or what git says. */
  'git-not-asked': ({ workTree, reason }: { readonly workTree: string; readonly reason: string }) => ({
    reason: `It lies in the git work tree ${workTree}, and git could not be asked whether it is ignored (${reason}).`,
    next: 'See to it that it is not committed, or keep it elsewhere.',
  }),
};

type ExposureArgs = ArgsOf<typeof exposureProse>;

/** What makes git pass something over. */
export interface IgnoreRule {
  readonly workTree: string;
  /** A line for the work tree's `.gitignore`. */
  readonly rule: string;
}

type ExposureCode = keyof ExposureArgs;

interface ExposureOf<C extends ExposureCode> {
  readonly code: C;
  readonly args: ExposureArgs[C];
}

/** One finding. */
export type Exposure<C extends ExposureCode = ExposureCode> = { [K in C]: ExposureOf<K> }[C];

/**
 * Who else can get at an existing file or folder of secrets: by its mode, by its place, and through git. A symbolic
 * link is followed; what counts is the file.
 *
 * @param environment the process's variables, by which git is found
 * @throws what the system says, where there is no such file
 */
export async function describeExposure(
  path: string,
  environment: NodeJS.ProcessEnv,
): Promise<readonly Exposure[]> {
  return [...(await describeModes(path)), ...(await describeGit(path, environment))];
}

/** The part of {@link describeExposure} that starts no program: modes of the file and of the folders above it. */
export async function describeModes(path: string): Promise<readonly Exposure[]> {
  // Modes say nothing there (https://nodejs.org/api/fs.html#fschmodpath-mode-callback).
  if (platform() === 'win32') return [];
  const present = await stat(path);
  const exposures: Exposure[] = [];
  if ((present.mode & 0o077) !== 0) {
    const mode = (present.mode & 0o7777).toString(8).padStart(4, '0');
    const wanted = present.isDirectory() ? '700' : '600';
    exposures.push({ code: 'file-readable-by-others', args: { file: path, mode, wanted } });
  }
  for (let folder = dirname(await realpath(path)); ; folder = dirname(folder)) {
    const isOpen = ((await stat(folder)).mode & 0o1002) === 0o0002;
    if (isOpen) exposures.push({ code: 'folder-writable-by-others', args: { folder } });
    if (isOpen || folder === dirname(folder)) return exposures;
  }
}

/**
 * Whether git would take a file of secrets along. Git is only started where there is a `.git` above.
 *
 * @param path what is asked about; it need not exist yet
 * @param below where `path` is a folder: names of files in it, all of which have to be ignored
 */
export async function describeGit(
  path: string,
  environment: NodeJS.ProcessEnv,
  below: readonly string[] = [],
): Promise<readonly Exposure<'file-tracked' | 'file-not-ignored' | 'git-not-asked'>[]> {
  const place = await findWorkTree(path);
  if (place === undefined) return [];
  const { workTree } = place;
  const answer = await askGit(place, below, environment);
  if (!answer.known) return [{ code: 'git-not-asked', args: { workTree, reason: answer.reason } }];
  const args = { workTree, rule: ruleFor(place, below.length > 0) };
  if (answer.tracked) return [{ code: 'file-tracked', args }];
  return answer.ignored ? [] : [{ code: 'file-not-ignored', args }];
}

/** @see https://git-scm.com/docs/gitignore#_pattern_format */
function ruleFor({ path }: InWorkTree, isFolder: boolean): string {
  const literal = path.replace(/[\\*?[\]]/g, '\\$&').replace(/ $/, '\\ ');
  return `/${literal}${isFolder ? '/' : ''}`;
}
