import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { parse, resolve } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { errorCode } from '../errors/error-code.js';

/** Git takes some milliseconds; this is for a disk that hangs, or an exclude file that is a pipe. */
const DEADLINE_MS = 5000;

/** A longer reason is not a sentence. */
const MOST_REASON = 300;

/**
 * What git finds its own programs, its user's configuration and its user by. No other variable reaches git: it may
 * hold a secret, name a program (GIT_SSH_COMMAND, GIT_EXTERNAL_DIFF, GIT_CONFIG_…) or a file to write (GIT_TRACE).
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
  // Who owns a repository is compared with this user (https://git-scm.com/docs/git-config, safe.directory).
  'SUDO_UID',
  'GIT_TEST_ASSUME_DIFFERENT_OWNER',
];

/** By which git tells a hook where the repository is, and what is about to be committed. All are paths. */
const hookVariables = [
  'GIT_DIR',
  'GIT_COMMON_DIR',
  'GIT_WORK_TREE',
  'GIT_INDEX_FILE',
  'GIT_OBJECT_DIRECTORY',
];

/**
 * The configuration comes with the repository, and so perhaps from an attacker: everything in it that starts a program
 * when git reads an index is switched off.
 *
 * @see https://git-scm.com/docs/git-config#Documentation/git-config.txt-corefsmonitor
 */
const guards = ['--no-pager', '-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null'];

/**
 * A missing object is not fetched: a repository can name a program that would do it. Git before 2.44 may not know
 * GIT_NO_LAZY_FETCH; the empty list of protocols, which no configuration overrides, stops it too.
 *
 * @see https://git-scm.com/docs/git#_environment_variables
 */
const guardVariables = {
  GIT_ALLOW_PROTOCOL: '',
  GIT_NO_LAZY_FETCH: '1',
  // What is scanned must be what is committed.
  GIT_NO_REPLACE_OBJECTS: '1',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_TERMINAL_PROMPT: '0',
  // Its messages are quoted beside ours.
  LC_ALL: 'C',
};

/** Where and how git runs. */
export interface GitCall {
  /** Git works as if it were started here. */
  readonly folder: string;
  /** The process's variables, of which git gets a few. */
  readonly environment: NodeJS.ProcessEnv;
  /** Whether the variables of a hook decide which repository and index is meant. Default: the folder alone does. */
  readonly asHook?: boolean;
  readonly input?: string;
  /** Default: 5 seconds. */
  readonly deadlineMs?: number;
}

/** Git could not be started, or refused to answer. */
export class GitFailed extends Error {
  /** An errno name, `timeout`, or what git says: the first line of its message, or its exit status without one. */
  readonly reason: string;
  /** Git's exit status, if it ended by itself. */
  readonly status: number | undefined;

  constructor(reason: string, status?: number) {
    super(reason);
    this.reason = reason;
    this.status = status;
  }
}

type Git = ChildProcessByStdio<Writable, Readable, Readable>;

/** Starts git without a shell and without anything that a repository could make it start. */
export function startGit(
  args: readonly string[],
  { folder, environment, asHook = false }: Omit<GitCall, 'input' | 'deadlineMs'>,
): Git {
  const handedOn = neededVariables.map((name) => [name, environment[name]]);
  const ofHook = asHook ? hookVariables : [];
  // Git would take relative paths from the folder that it is started in.
  const absolute = ofHook.map((name) => [name, environment[name] && resolve(folder, environment[name])]);
  const given = [...handedOn, ...absolute].filter(([, value]) => value !== undefined && value !== '');
  return spawn('git', [...guards, '-C', resolve(folder), ...args], {
    // Not the work tree: Windows looks for a program in the working folder first.
    cwd: parse(resolve(folder)).root,
    env: { ...Object.fromEntries(given), ...guardVariables },
    stdio: ['pipe', 'pipe', 'pipe'],
    windowsHide: true,
  });
}

/**
 * Runs git to its end.
 *
 * @param args a command and its arguments; it must not run what `.gitattributes` name (filters, textconv, merge drivers)
 * @returns its standard output
 * @throws GitFailed
 */
export async function git(args: readonly string[], call: GitCall): Promise<string> {
  const child = startGit(args, call);
  // The timeout of spawn() outlives a program that could not be started.
  const deadline = setTimeout(() => child.kill('SIGKILL'), call.deadlineMs ?? DEADLINE_MS);
  // It may end before it has read everything.
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

/** What git died of, without its hints. A line that ends with a colon says nothing without the next one. */
function reasonIn(stderr: string): string | undefined {
  const message = /^(?:fatal|error): .*/ms.exec(stderr)?.[0] ?? stderr;
  const [first = '', second = ''] = message.trim().split('\n');
  const reason = (first.endsWith(':') ? `${first} ${second.trim()}` : first).replace(
    /^(?:fatal|error): /,
    '',
  );
  if (reason === '') return undefined;
  return reason.length > MOST_REASON ? `${reason.slice(0, MOST_REASON)}…` : reason;
}

async function textOf(stream: Readable): Promise<string> {
  const parts: Buffer[] = [];
  try {
    for await (const part of stream) parts.push(part as Buffer);
  } catch {
    // The program could not be started; its own error says so.
  }
  return Buffer.concat(parts).toString();
}
