import { spawn } from 'node:child_process';
import { lstat, realpath } from 'node:fs/promises';
import { basename, dirname, join, parse, relative, sep } from 'node:path';
import { errorCode } from '../error-code.js';

/** Git takes some milliseconds; this is for a disk that hangs, or an exclude file that is a pipe. */
const DEADLINE_MS = 5000;

/** More is of no interest: that one name comes back is enough. */
const MOST_OUTPUT_BYTES = 64 * 1024;

/** What git finds its own programs and its user's exclude file by; nothing else of our environment is handed on. */
const neededVariables = ['PATH', 'HOME', 'XDG_CONFIG_HOME', 'GIT_CONFIG_GLOBAL', 'USERPROFILE', 'SystemRoot'];

/**
 * The configuration comes with the repository, and so perhaps from somebody else: whatever in it starts a program
 * when an index is read is switched off.
 *
 * @see https://git-scm.com/docs/git-config#Documentation/git-config.txt-corefsmonitor
 */
const harmlessConfig = ['core.fsmonitor=false', 'core.hooksPath='].flatMap((entry) => ['-c', entry]);

/**
 * Missing objects are not fetched, for which a repository can name a program, and no lock is taken.
 *
 * @see https://git-scm.com/docs/git#_environment_variables
 */
const harmlessVariables = {
  GIT_ALLOW_PROTOCOL: 'none',
  GIT_NO_LAZY_FETCH: '1',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_TERMINAL_PROMPT: '0',
};

/** A path as the git work tree around it has it. */
export interface InWorkTree {
  /** The work tree's folder, with no symbolic link in it. */
  readonly workTree: string;
  /** The path below that, with `/` between the parts. */
  readonly path: string;
}

/** What git says about a path. */
export type GitAnswer =
  | { readonly known: true; readonly ignored: boolean; readonly tracked: boolean }
  /** `reason`: an errno name where git cannot be started, `timeout`, or `exit` and a status. */
  | { readonly known: false; readonly reason: string };

/**
 * The git work tree that a path lies in, found as git does: by a `.git` in a folder above. Starts no program.
 *
 * @param path where something is or will be; its folder, too, may be missing yet
 */
export async function findWorkTree(path: string): Promise<InWorkTree | undefined> {
  const place = await realPlace(path);
  for (let folder = dirname(place); ; folder = dirname(folder)) {
    if (await exists(join(folder, '.git'))) {
      return { workTree: folder, path: relative(folder, place).split(sep).join('/') };
    }
    if (folder === dirname(folder)) return undefined;
  }
}

/**
 * Asks git about a path of a work tree. Git is told where the repository is, so that no variable and no other
 * repository in between misleads it.
 *
 * @param below where the path is a folder: names of files in it, which stand for all that will be there
 * @param environment the process's variables
 * @returns `ignored`: it is, or each of `below`; `tracked`: it is, or anything below it
 */
export async function askGit(
  { workTree, path }: InWorkTree,
  below: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<GitAnswer> {
  const paths = below.length === 0 ? [path] : below.map((name) => `${path}/${name}`);
  const git = (args: readonly string[], input: string) => run(workTree, args, input, environment);
  const [ignored, tracked] = await Promise.all([
    // It takes no --literal-pathspecs; after ./ nothing is taken for more than a name.
    git(['check-ignore', '--no-index', '-z', '--stdin'], paths.map((each) => `./${each}\0`).join('')),
    git(['--literal-pathspecs', 'ls-files', '-z', '--', path], ''),
  ]);
  // 1: none of them is ignored.
  const unanswered = [ignored, tracked].find(({ status }) => status !== 0 && status !== 1);
  if (unanswered !== undefined) return { known: false, reason: unanswered.reason };
  return {
    known: true,
    ignored: ignored.output.split('\0').filter(Boolean).length === paths.length,
    tracked: tracked.output !== '',
  };
}

interface Ended {
  readonly status: number | null;
  readonly reason: string;
  readonly output: string;
}

/** @param args options of git, a command and its arguments */
function run(
  workTree: string,
  args: readonly string[],
  input: string,
  environment: NodeJS.ProcessEnv,
): Promise<Ended> {
  const where = ['-C', workTree, `--git-dir=${join(workTree, '.git')}`, `--work-tree=${workTree}`];
  const handedOn = neededVariables.filter((name) => environment[name] !== undefined);
  return new Promise((resolve) => {
    const child = spawn('git', ['--no-pager', ...harmlessConfig, ...where, ...args], {
      // Not the work tree: Windows looks for a program in the working folder first.
      cwd: parse(workTree).root,
      env: { ...Object.fromEntries(handedOn.map((name) => [name, environment[name]])), ...harmlessVariables },
      stdio: ['pipe', 'pipe', 'ignore'],
      timeout: DEADLINE_MS,
      killSignal: 'SIGKILL',
      windowsHide: true,
    });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (output.length < MOST_OUTPUT_BYTES) output += text;
    });
    child.on('error', (error) =>
      resolve({ status: null, reason: errorCode(error) ?? 'unknown', output: '' }),
    );
    child.on('close', (status) =>
      resolve({ status, reason: status === null ? 'timeout' : `exit ${status}`, output }),
    );
    // It may end before it has read everything.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}

/** Where a path really is, with no symbolic link in it, also while its end does not exist. */
async function realPlace(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    const folder = dirname(path);
    if (errorCode(error) !== 'ENOENT' || folder === path) throw error;
    return join(await realPlace(folder), basename(path));
  }
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
