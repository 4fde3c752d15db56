import { constants } from 'node:os';
import { exitStatus } from './exit-status.js';
import type { Terminal } from './terminal.js';

/**
 * The signals that ask a program to end: Ctrl-C, `kill`, a terminal that is closed, Ctrl-\ (which would write the
 * memory to a core dump, with every password in it), and Ctrl-Break on Windows.
 */
export type InterruptSignal = keyof typeof exitStatus.interrupted;

/** Ends a command because of a signal, or of Ctrl-C at a prompt. */
export class Interrupted extends Error {
  readonly signal: InterruptSignal;

  constructor(signal: InterruptSignal) {
    super(signal);
    this.signal = signal;
  }
}

export interface Interrupt {
  /** Aborts at the first signal, with {@link Interrupted} as its reason. */
  readonly signal: AbortSignal;
  /** The signal that came, if one did. */
  readonly caught: InterruptSignal | undefined;
  /** From now on a signal ends the program at once. */
  release(): void;
}

/** What a signal does now; nothing: it ends the program at once. */
let onSignal: ((signal: InterruptSignal) => void) | undefined;
let caught: InterruptSignal | undefined;

/**
 * Ends the program by `process.exit` at a signal, which gives it the chance to remove what must not be left behind.
 * {@link onInterrupt} puts an orderly end in the place of that.
 */
export function catchSignals(): void {
  for (const name of Object.keys(exitStatus.interrupted) as InterruptSignal[]) {
    // Windows and Unix each lack one of them.
    if (Object.hasOwn(constants.signals, name)) {
      process.on(name, () => {
        if (onSignal === undefined) exitAfter(caught ?? name);
        onSignal(name);
      });
    }
  }
}

/** The signal that this program was to end at, if one came. */
export const caughtSignal = (): InterruptSignal | undefined => caught;

/**
 * Turns the first signal into an orderly end. The second one does not wait.
 *
 * @param what says what is done first, as a sentence
 * @param atOnce the last that is done at a second signal
 */
export function onInterrupt(
  terminal: Terminal,
  what: string,
  atOnce: () => Promise<void> = async () => undefined,
): Interrupt {
  const controller = new AbortController();
  onSignal = (signal) => {
    if (caught === undefined) {
      caught = signal;
      terminal.note(`\nInterrupted. ${what}\n`);
      controller.abort(new Interrupted(signal));
      return;
    }
    const first = caught;
    // A third one does not even wait for the reports.
    onSignal = undefined;
    void atOnce().finally(() => exitAfter(first));
  };
  return {
    signal: controller.signal,
    get caught() {
      return caught;
    },
    release: () => {
      onSignal = undefined;
    },
  };
}

/** Waits for a signal, which is how a server is meant to end. */
export function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    onSignal = () => {
      onSignal = undefined;
      resolve();
    };
  });
}

function exitAfter(signal: InterruptSignal): never {
  // A prompt or progress line may have hidden the cursor.
  if (process.stderr.isTTY) process.stderr.write('\u001B[?25h');
  process.exit(exitStatus.interrupted[signal]);
}
