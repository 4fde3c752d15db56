import { closeSync, fstatSync } from 'node:fs';
import { constants } from 'node:os';
import { isatty } from 'node:tty';
import { runExitActions } from '../files/at-exit.js';
import { exitStatus, type InterruptSignal } from './terminal/exit-status.js';

/** Properties of a stream that may be a terminal. */
interface Screen {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
}

type Input = NodeJS.ReadableStream & AsyncIterable<Uint8Array> & Pick<Screen, 'isTTY'>;
export type Output = NodeJS.WritableStream & Screen;

/**
 * The surroundings of one run of the program. Several runs in one process do not influence each other if each has its
 * own `Io`.
 *
 * The working folder is not part of it, because the file system resolves relative paths from the process's folder.
 */
export interface Io {
  readonly stdin: Input;
  readonly stdout: Output;
  readonly stderr: Output;
  /** Environment variables. A run removes the empty ones. */
  readonly env: NodeJS.ProcessEnv;
  readonly signals: Signals;
  /** Calls a listener with errors that no promise carries, until the returned function is called. */
  readonly onUncaught: (listener: (error: unknown) => void) => () => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** The signals that ask one run of the program to end. */
export class Signals {
  readonly #exit: (status: number) => void;
  /** The first signal that was handled, if one came. */
  caught: InterruptSignal | undefined;
  /** Handles the next signal. Without a handler, a signal ends the program at once. */
  handle: ((signal: InterruptSignal) => void) | undefined;

  /** @param exit ends the program at once */
  constructor(exit: (status: number) => void) {
    this.#exit = exit;
  }

  raise(signal: InterruptSignal): void {
    if (this.handle === undefined) this.exit(this.caught ?? signal);
    else this.handle(signal);
  }

  /** Ends the program at once, as the signal asks. */
  exit(signal: InterruptSignal): void {
    this.#exit(exitStatus.interrupted[signal]);
  }
}

/**
 * The surroundings of the process; must be called only once. A signal ends the program by `process.exit`, so that the exit
 * actions remove temporary files.
 */
export function processIo(): Io {
  const { stdout, stderr, env } = process;
  const signals = new Signals((status) => {
    // A prompt or progress line may have hidden the cursor.
    if (stderr.isTTY) stderr.write('\u001B[?25h');
    process.exit(status);
  });
  for (const name of Object.keys(exitStatus.interrupted) as InterruptSignal[]) {
    // Windows and Unix each lack one of them.
    if (Object.hasOwn(constants.signals, name)) process.on(name, () => signals.raise(name));
  }
  process.on('exit', runExitActions).on('exit', closeLostTerminal);
  const onUncaught: Io['onUncaught'] = (listener) => {
    process.on('uncaughtException', listener);
    return () => process.off('uncaughtException', listener);
  };
  return {
    // A getter, because Node opens standard input when it is first asked for.
    get stdin() {
      return process.stdin;
    },
    stdout,
    stderr,
    env,
    signals,
    onUncaught,
    now: Date.now,
  };
}

/**
 * Closes the streams of a terminal that was closed. Node resets the terminal's modes at exit, and aborts if that fails;
 * the core dump would hold passwords.
 *
 * @see https://github.com/nodejs/node/blob/v20.x/src/node.cc (ResetStdio)
 */
function closeLostTerminal(): void {
  for (const descriptor of [0, 1, 2]) {
    try {
      // The null device is another one that is no terminal, and may be closed as well.
      if (fstatSync(descriptor).isCharacterDevice() && !isatty(descriptor)) closeSync(descriptor);
    } catch {
      // It is closed already.
    }
  }
}
