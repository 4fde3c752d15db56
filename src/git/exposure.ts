import type { ArgsOf } from '../errors/biotz-postman-error.js';
import { realpath, stat } from 'node:fs/promises';
import { platform } from 'node:os';
import { dirname } from 'node:path';
import { askGit, findWorkTree, type InWorkTree } from './work-tree.js';

/** Ways in which other people can get at a file of secrets: the arguments of each code, and its sentences. */
export const exposureProse = {
  /** Other users may read the file or folder. `mode` as for `chmod`, e.g. `0644`; `wanted` is the right mode. */
  'file-readable-by-others': ({
    file,
    mode,
    wanted,
  }: {
    readonly file: string;
    readonly mode: string;
    readonly wanted: '600' | '700';
  }) => ({
    reason: `Other users of this machine can read it: its mode is ${mode}.`,
    next: `Restrict its mode: chmod ${wanted} ${/^[\w./@+][\w./@+-]*$/.test(file) ? file : 'FILE'}`,
  }),
  /** Every user may replace the file: a folder above it is writable for all and not sticky. */
  'folder-writable-by-others': ({ folder }: { readonly folder: string }) => ({
    reason: `Every user of this machine can replace it, because all may write to ${folder}.`,
    next: 'Move it to a folder of your own, or restrict that folder: chmod o-w FOLDER.',
  }),
  /** The file is in git's index, so it is committed or will be. */
  'file-tracked': ({ workTree, rule }: IgnoreRule) => ({
    reason: `Git tracks it (work tree ${workTree}), so every copy of the repository has the secrets.`,
    next: `Remove it from the index (git rm --cached -r FILE), and add the line ${rule} to .gitignore. Then change the passwords: committed files stay in the history.`,
  }),
  /** `git add` would add the file. */
  'file-not-ignored': ({ workTree, rule }: IgnoreRule) => ({
    reason: `The git work tree ${workTree} does not ignore it, so "git add" would add it.`,
    next: `Add the line ${rule} to ${workTree}/.gitignore, or move the file elsewhere.`,
  }),
  /** The file lies in a git work tree, and git did not answer. `reason` is an errno name, `timeout` or git's message. */
  'git-not-asked': ({ workTree, reason }: { readonly workTree: string; readonly reason: string }) => ({
    reason: `Git could not be asked whether the work tree ${workTree} ignores it (${reason}).`,
    next: 'Make sure that it is not committed, or move it elsewhere.',
  }),
};

type ExposureArgs = ArgsOf<typeof exposureProse>;

/** A line that makes git ignore a file. */
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

export type Exposure<C extends ExposureCode = ExposureCode> = { [K in C]: ExposureOf<K> }[C];

/**
 * Finds ways in which other people can get at an existing file or folder of secrets: through its mode, its place, and
 * git. A symbolic link is followed, because its target has the secrets.
 *
 * @param environment variables of the process
 * @throws errors of the system, e.g. if the file does not exist
 */
export async function describeExposure(
  path: string,
  environment: NodeJS.ProcessEnv,
): Promise<readonly Exposure[]> {
  return [...(await describeModes(path)), ...(await describeGit(path, environment))];
}

/** The part of {@link describeExposure} that starts no program: the modes of the file and of the folders above it. */
export async function describeModes(path: string): Promise<readonly Exposure[]> {
  // Modes mean nothing on Windows (https://nodejs.org/api/fs.html#fschmodpath-mode-callback).
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
 * Finds out whether git would add a file of secrets. Git is started only if a folder above has a `.git`.
 *
 * @param path need not exist yet
 * @param below if `path` is a folder: names of files in it, all of which must be ignored
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
