import { spawn } from 'node:child_process';
import { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { constants, runInThisContext } from 'node:vm';
import type { Io, Signals as RunSignals } from '../../src/cli/io.js';
import type { InterruptSignal } from '../../src/cli/terminal/exit-status.js';
import type * as builtProgram from '../../src/cli/program.js';
import { inTemporaryFolder } from './folder.js';

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

/** Starts the built program as a process of its own, as a user does, and waits for its end. */
export function spawnProgram(args: readonly string[], calling: Calling = {}): Promise<Finished> {
  return node([bin, ...args], calling);
}

/** Node's own `import`. Jest's would load the program anew for each test file, which takes longer than to start it. */
const importNatively = runInThisContext('(url) => import(url)', {
  importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
}) as (url: string) => Promise<unknown>;

const built = async <M>(path: string) =>
  (await importNatively(new URL(`../../dist/${path}`, import.meta.url).href)) as M;

/** The working folder belongs to the process: calls in the same folder run at once, and others wait. */
let latest: { cwd?: string; begins: Promise<unknown>; ends: Promise<unknown> } = {
  begins: Promise.resolve(),
  ends: Promise.resolve(),
};
let running = 0;
const home = process.cwd();

/**
 * Runs the built program in this process, in a few milliseconds. It differs from {@link spawnProgram} in that its
 * streams are not pipes, and that the process's own environment, mask and signals stay as they are. Only a program that
 * a test kills runs in its own process.
 */
export function program(args: readonly string[], calling: Calling = {}): Promise<Finished> {
  const { cwd, killAfter } = calling;
  if (killAfter !== undefined) return spawnProgram(args, calling);
  if (cwd === undefined) return inTemporaryFolder((folder) => program(args, { ...calling, cwd: folder }));
  const isShared = cwd === latest.cwd;
  const begins = isShared ? latest.begins : latest.ends;
  const call = begins.then(() => runHere(args, { ...calling, cwd }));
  const ends = Promise.allSettled([call, isShared && latest.ends]);
  latest = { cwd, begins, ends };
  return call;
}

async function runHere(
  args: readonly string[],
  {
    input = '',
    env = {},
    cwd,
    interruptAfter,
    interruptBy = 'SIGINT',
    onNote,
  }: Calling & { readonly cwd: string },
): Promise<Finished> {
  running++;
  process.chdir(cwd);
  try {
    const { run: runProgram } = await built<typeof builtProgram>('cli/program.js');
    const { Signals } = await built<{ Signals: typeof RunSignals }>('cli/io.js');
    let end = (_status: number): void => undefined;
    const ended = new Promise<number>((resolve) => (end = resolve));
    const signals = new Signals(end);
    const raise = (signal: NodeJS.Signals) => signals.raise(signal as InterruptSignal);
    void interruptAfter?.then(() => raise(interruptBy));
    let stdout = '';
    let stderr = '';
    const io: Io = {
      stdin: Readable.from([Buffer.from(input)], { objectMode: false }),
      stdout: collect((text) => (stdout += text)),
      stderr: collect((text) => {
        stderr += text;
        onNote?.(stderr, raise);
      }),
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env },
      signals,
      onUncaught: () => () => undefined,
      now: Date.now,
    };
    const status = await Promise.race([runProgram(args, io), ended]);
    return { status, stdout, stderr };
  } finally {
    if (--running === 0) process.chdir(home);
  }
}

const collect = (add: (text: string) => void) =>
  new Writable({
    decodeStrings: false,
    write: (text: string, _encoding, done) => {
      add(text);
      done();
    },
  });

/** Runs any Node program in the same way. */
export function node(args: readonly string[], calling: Calling = {}): Promise<Finished> {
  return run(process.execPath, args, calling);
}

/** Runs a shell's command line, in which `args` are `$0`, `$1`, ... */
export function shell(command: string, args: readonly string[], calling: Calling = {}): Promise<Finished> {
  return run('sh', ['-c', command, ...args], calling);
}

function run(executable: string, args: readonly string[], calling: Calling): Promise<Finished> {
  const { cwd } = calling;
  // Programs of several tests at once must not share the default folder of reports.
  if (cwd === undefined)
    return inTemporaryFolder((folder) => run(executable, args, { ...calling, cwd: folder }));
  const { input = '', env = {}, interruptAfter, interruptBy = 'SIGINT', killAfter, onNote } = calling;
  return new Promise<Finished>((resolve, reject) => {
    const child = spawn(executable, args, {
      cwd,
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
  });
}
