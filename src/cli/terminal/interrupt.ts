import type { InterruptSignal } from './exit-status.js';
import type { Terminal } from './terminal.js';

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

/**
 * Turns the first signal into an orderly end. The second signal ends the program without waiting.
 *
 * @param what a sentence about the work that is finished first
 * @param atOnce called before the end at a second signal
 */
export function onInterrupt(
  { io: { signals }, note }: Pick<Terminal, 'io' | 'note'>,
  what: string,
  atOnce: () => Promise<void> = async () => undefined,
): Interrupt {
  const controller = new AbortController();
  signals.handle = (signal) => {
    if (signals.caught === undefined) {
      signals.caught = signal;
      note(`\nInterrupted. ${what}\n`);
      controller.abort(new Interrupted(signal));
      return;
    }
    const first = signals.caught;
    // A third signal does not even wait for the reports.
    signals.handle = undefined;
    void atOnce().finally(() => signals.exit(first));
  };
  return {
    signal: controller.signal,
    get caught() {
      return signals.caught;
    },
    release: () => {
      signals.handle = undefined;
    },
  };
}

/** Waits for a signal: the orderly end of a server. */
export function untilStopped({ signals }: Terminal['io']): Promise<void> {
  return new Promise((resolve) => {
    signals.handle = () => {
      signals.handle = undefined;
      resolve();
    };
  });
}

/** Ends a stream at a signal, so that its consumer undoes what it has written. */
export async function* untilAborted<T>(source: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T> {
  for await (const part of source) {
    signal.throwIfAborted();
    yield part;
  }
}
