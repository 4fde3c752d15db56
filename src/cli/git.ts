import { spawn, type ChildProcessByStdio } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { errorCode } from '../error-code.js';

/** What a git command wrote, in parts. */
export class GitFailed extends Error {
  /** An errno name where it could not be started; else its exit status. */
  readonly reason: string;
  /** The first line of what it said. */
  readonly said: string;

  constructor(reason: string, said: string) {
    super(reason);
    this.reason = reason;
    this.said = said;
  }
}

type Git = ChildProcessByStdio<Writable, Readable, Readable>;

/** No secret of ours is git's business, nor that of what its configuration may start. */
const isOurs = (variable: string) => /^(?:BIOTZ_|POSTMAN_)/i.test(variable);

/**
 * Starts git without a shell. It gets the environment as it is, because a hook is told by it (GIT_INDEX_FILE) what is
 * about to be committed.
 */
export function startGit(args: readonly string[], folder = '.'): Git {
  const environment = Object.entries(process.env).filter(([name]) => !isOurs(name));
  return spawn('git', ['-c', 'core.fsmonitor=false', ...args], {
    cwd: folder,
    env: { ...Object.fromEntries(environment), GIT_OPTIONAL_LOCKS: '0' },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
}

/**
 * Runs git to its end.
 *
 * @returns its standard output
 * @throws GitFailed
 */
export async function git(args: readonly string[], folder?: string): Promise<string> {
  const child = startGit(args, folder);
  child.stdin.end();
  const [stdout, stderr, status] = await Promise.all([
    textOf(child.stdout),
    textOf(child.stderr),
    new Promise<string>((resolve) => {
      child.on('error', (error) => resolve(errorCode(error) ?? 'unknown'));
      child.on('close', (code) => resolve(String(code)));
    }),
  ]);
  if (status !== '0') throw new GitFailed(status, stderr.trim().split('\n')[0] ?? '');
  return stdout;
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
