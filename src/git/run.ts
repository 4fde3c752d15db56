import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { parse, resolve } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { errorCode } from '../errors/error-code.js';
import { shorten } from '../text/quote.js';

/** Git takes some milliseconds. The deadline is for a hanging disk, or an exclude file that is a pipe. */
const DEADLINE_MS = 5000;

/** Limit on a reason that is quoted, in characters. */
const MOST_REASON = 300;

/**
 * Variables by which git finds its own programs, its user and the user's configuration. No other variable reaches git: it
 * may hold a secret, name a program (GIT_SSH_COMMAND, GIT_EXTERNAL_DIFF, GIT_CONFIG_…) or a file to write (GIT_TRACE).
 */
const neededVariables = [
  'PATH',
  'HOME',
  'XDG_CONFIG_HOME',
  'GIT_CONFIG_GLOBAL',
  'GIT_CONFIG_SYSTEM',
  'GIT_CONFIG_NOSYSTEM',
  'USERPROFILE',
  'SystemRoot',
  // Git compares the owner of a repository with this user (https://git-scm.com/docs/git-config, safe.directory).
  'SUDO_UID',
  'GIT_TEST_ASSUME_DIFFERENT_OWNER',
];

/** Paths by which git tells a hook where the repository is, and what it is about to commit. */
const hookVariables = [
  'GIT_DIR',
  'GIT_COMMON_DIR',
  'GIT_WORK_TREE',
  'GIT_INDEX_FILE',
  'GIT_OBJECT_DIRECTORY',
];

/**
 * Switches off everything in the configuration that starts a program when git reads an index. The configuration comes
 * with the repository, and so perhaps from an attacker.
 *
 * @see https://git-scm.com/docs/git-config#Documentation/git-config.txt-corefsmonitor
 */
const guards = ['--no-pager', '-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null'];

/**
 * Stops git from fetching a missing object, because a repository can name the program for that. Git before 2.44 may not
 * know GIT_NO_LAZY_FETCH; the empty list of protocols, which no configuration overrides, stops it too.
 *
 * @see https://git-scm.com/docs/git#_environment_variables
 */
const guardVariables = {
  GIT_ALLOW_PROTOCOL: '',
  GIT_NO_LAZY_FETCH: '1',
  // The scanned content must be the committed content.
  GIT_NO_REPLACE_OBJECTS: '1',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_TERMINAL_PROMPT: '0',
  // Our English messages quote those of git.
  LC_ALL: 'C',
};

export interface GitCall {
  /** Working folder of git. */
  readonly folder: string;
  /** Variables of the process, of which git gets a few. */
  readonly environment: NodeJS.ProcessEnv;
  /** Whether the variables of a hook choose the repository and index. Default: the folder alone chooses them. */
  readonly asHook?: boolean;
  readonly input?: string;
  /** Default: 5 seconds. */
  readonly deadlineMs?: number;
}

/** Git could not be started, did not end in time, or ended with an error. */
export class GitFailed extends Error {
  /** An errno name, `timeout`, a signal, the first line of git's message, or its exit status if it has no message. */
  readonly reason: string;
  /** Exit status of git; absent if it did not end by itself. */
  readonly status: number | undefined;

  constructor(reason: string, status?: number) {
    super(reason);
    this.reason = reason;
    this.status = status;
  }
}

type Git = ChildProcessByStdio<Writable, Readable, Readable>;

/** Starts git without a shell and without any program that a repository could make it start. */
export function startGit(
  args: readonly string[],
  { folder, environment, asHook = false }: Omit<GitCall, 'input' | 'deadlineMs'>,
): Git {
  const handedOn = neededVariables.map((name) => [name, environment[name]]);
  const ofHook = asHook ? hookVariables : [];
  // Git would resolve relative paths from the folder in which it is started.
  const absolute = ofHook.map((name) => [name, environment[name] && resolve(folder, environment[name])]);
  const given = [...handedOn, ...absolute].filter(([, value]) => value !== undefined && value !== '');
  return spawn('git', [...guards, '-C', resolve(folder), ...args], {
    // Not the work tree, because Windows searches the working folder for programs first.
    cwd: parse(resolve(folder)).root,
    env: { ...Object.fromEntries(given), ...guardVariables },
    stdio: ['pipe', 'pipe', 'pipe'],
    windowsHide: true,
  });
}

/**
 * Runs git to its end.
 *
 * @param args a command and its arguments; the command must not run programs of `.gitattributes` (filters, textconv, merge
 * drivers)
 * @returns its standard output
 * @throws GitFailed
 */
export async function git(args: readonly string[], call: GitCall): Promise<string> {
  const child = startGit(args, call);
  // Not the timeout of spawn(), which outlives a program that could not be started.
  const deadline = setTimeout(() => child.kill('SIGKILL'), call.deadlineMs ?? DEADLINE_MS);
  // Git may end before it has read everything.
  child.stdin.on('error', () => undefined);
  child.stdin.end(call.input);
  const [stdout, stderr, ended] = await Promise.all([
    textOf(child.stdout),
    textOf(child.stderr),
    new Promise<number | string>((resolved) => {
      child.on('error', (error) => resolved(errorCode(error) ?? 'unknown'));
      child.on('close', (status, signal) => resolved(status ?? (child.killed ? 'timeout' : String(signal))));
    }),
  ]);
  clearTimeout(deadline);
  if (typeof ended === 'string') throw new GitFailed(ended);
  if (ended !== 0) throw new GitFailed(reasonIn(stderr) ?? `exit ${ended}`, ended);
  return stdout;
}

/** The error in git's message, without its hints. A line that ends with a colon is useless without the next one. */
function reasonIn(stderr: string): string | undefined {
  const message = /^(?:fatal|error): .*/ms.exec(stderr)?.[0] ?? stderr;
  const [first = '', second = ''] = message.trim().split('\n');
  const reason = (first.endsWith(':') ? `${first} ${second.trim()}` : first).replace(
    /^(?:fatal|error): /,
    '',
  );
  if (reason === '') return undefined;
  return shorten(reason, MOST_REASON);
}

async function textOf(stream: Readable): Promise<string> {
  const parts: Buffer[] = [];
  try {
    for await (const part of stream) parts.push(part as Buffer);
  } catch {
    // The program could not be started; the `error` event reports that.
  }
  return Buffer.concat(parts).toString();
}
