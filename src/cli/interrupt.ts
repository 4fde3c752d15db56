import { constants } from 'node:os';
import { exitStatus } from './exit-status.js';
import type { Terminal } from './terminal.js';
import { Aborted } from './until-aborted.js';

type InterruptSignal = 'SIGINT' | 'SIGTERM';

export interface Interrupt {
  /** Aborts at the first signal. */
  readonly signal: AbortSignal;
  /** The signal that came, if one did. */
  readonly caught: InterruptSignal | undefined;
  /** Gives the signals their usual effect back. */
  release(): void;
}

/**
 * Turns the first SIGINT or SIGTERM into an orderly end. The second one does not wait.
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
  let caught: InterruptSignal | undefined;
  let isEnding = false;
  const take = (signal: InterruptSignal) => {
    // A third one does not even wait for the reports.
    if (isEnding) process.exit(128 + constants.signals[signal]);
    if (caught !== undefined) {
      isEnding = true;
      void atOnce().finally(() => process.exit(128 + constants.signals[signal]));
      return;
    }
    caught = signal;
    terminal.note(`\nInterrupted. ${what}\n`);
    controller.abort();
  };
  process.on('SIGINT', take).on('SIGTERM', take);
  return {
    signal: controller.signal,
    get caught() {
      return caught;
    },
    release: () => void process.off('SIGINT', take).off('SIGTERM', take),
  };
}

/** The exit status of a command whose work a signal has ended. @throws any other error that it ended with */
export function statusAfter({ caught }: Interrupt, error: unknown): number {
  if (caught === undefined || !(error instanceof Aborted)) throw error;
  return exitStatus.interrupted[caught];
}

/** Waits for SIGINT or SIGTERM, which are how a server is meant to end. */
export function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
}
