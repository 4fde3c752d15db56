import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const bin = fileURLToPath(new URL('../../bin/biotz-postman.js', import.meta.url));

export interface Finished {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Calling {
  readonly input?: string | Buffer;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Sends SIGINT to the program once this resolves. */
  readonly interruptAfter?: Promise<unknown>;
  /** Which signal that is. */
  readonly interruptBy?: NodeJS.Signals;
  /** Told of everything that the program has written to standard error so far; it may send signals. */
  readonly onNote?: (text: string, send: (signal: NodeJS.Signals) => void) => void;
  /** Ends the program by SIGKILL once this resolves. */
  readonly killAfter?: Promise<unknown>;
}

/** Runs the built program as a person would, and waits for its end. */
export function program(args: readonly string[], calling: Calling = {}): Promise<Finished> {
  return node([bin, ...args], calling);
}

/** Runs any Node program in the same way. */
export function node(args: readonly string[], calling: Calling = {}): Promise<Finished> {
  return run(process.execPath, args, calling);
}

/** Runs a shell's command line, in which `args` are `$0`, `$1`, ... */
export function shell(command: string, args: readonly string[], calling: Calling = {}): Promise<Finished> {
  return run('sh', ['-c', command, ...args], calling);
}

function run(
  executable: string,
  args: readonly string[],
  { input = '', env = {}, cwd, interruptAfter, interruptBy = 'SIGINT', killAfter, onNote }: Calling,
): Promise<Finished> {
  // Programs of several tests at once must not share the default folder of reports.
  const own = cwd === undefined ? mkdtempSync(join(tmpdir(), 'biotz-postman-test-')) : undefined;
  return new Promise<Finished>((resolve, reject) => {
    const child = spawn(executable, args, {
      cwd: cwd ?? own,
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env },
    });
    let stdout = '';
    let stderr = '';
    void interruptAfter?.then(() => child.kill(interruptBy));
    void killAfter?.then(() => child.kill('SIGKILL'));
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
      onNote?.(stderr, (signal) => child.kill(signal));
    });
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, stdout, stderr }));
    // A program that ends before it reads its input closes the pipe.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  }).finally(() => {
    if (own !== undefined) rmSync(own, { recursive: true, force: true });
  });
}

/** A folder of a test's own, removed after it. */
export async function inTemporaryFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'biotz-postman-test-'));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Every file below a folder, by its path in it. */
export async function filesBelow(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8')));
  return Object.fromEntries(
    files
      .map((file, index) => [file.slice(folder.length + 1), texts[index] ?? ''] as const)
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );
}
