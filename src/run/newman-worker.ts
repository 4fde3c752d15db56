import { EventEmitter, on } from 'node:events';
import { Worker } from 'node:worker_threads';
import { errorCode } from '../error-code.js';
import type { ReasonCode } from '../platform/reason.js';
import type { IterationRow } from '../postman/iteration-row.js';
import type { RowOutcome } from './row-outcome.js';
import type { RunPlan } from './plan.js';
import type { FromWorker, ToWorker, WorkerBirth } from './worker-messages.js';
import { HEARTBEAT_MS, sign } from './worker-messages.js';

/**
 * In megabytes. Measured (docs/performance.md): a Newman run lives in far less, and V8 would otherwise let
 * garbage grow with the fleet.
 */
const heapLimits = { maxOldGenerationSizeMb: 300, maxYoungGenerationSizeMb: 24 };

/** How much longer than a script's deadline a thread may be without a turn of its event loop. */
const BLOCKED_GRACE_MS = 2000;

const deathCauses: ReadonlyMap<string, string> = new Map([
  ['ERR_UNHANDLED_REJECTION', 'a script rejected a promise that nobody handled'],
  ['ERR_WORKER_OUT_OF_MEMORY', 'a script used up all memory'],
]);

interface Death {
  readonly reason: ReasonCode;
  readonly message: string;
}

export interface FinishedRow {
  readonly index: number;
  readonly outcome: RowOutcome;
}

/** How a chunk ended. */
export type ChunkEnd =
  | { readonly type: 'done' }
  | (Death & {
      readonly type: 'died';
      /** The index of the device that was last started; -1 for none. */
      readonly started: number;
    });

/** One worker thread with Newman in it. It takes one chunk at a time, and is of no use once it has died. */
export class NewmanWorker {
  readonly #thread: Worker;
  readonly #signs = new Int32Array(new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT));
  readonly #blockedAfterMs: number;
  readonly #events = new EventEmitter();
  #death: Death | undefined;
  #exited = false;

  constructor(plan: RunPlan) {
    const workerData: WorkerBirth = { plan, signs: this.#signs };
    this.#blockedAfterMs = plan.timeoutScriptMs + BLOCKED_GRACE_MS;
    this.#thread = new Worker(new URL('./worker.js', import.meta.url), {
      workerData,
      resourceLimits: heapLimits,
      // Newman's old dependencies use what Node 24 warns about, which is no news for who runs a collection.
      execArgv: ['--no-deprecation'],
    });
    // Node tells of an error before it hands over the last messages, but of the exit after them.
    this.#thread.on('message', (message: FromWorker) => this.#events.emit('message', message));
    this.#thread.on('error', (error) => {
      // Whatever a script threw: its message and even its code may hold a password.
      const message = deathCauses.get(errorCode(error) ?? '') ?? 'a script ended the worker thread';
      this.#death ??= { reason: 'worker-died', message };
    });
    this.#thread.on('exit', () => {
      this.#exited = true;
      this.#events.emit('exit');
    });
  }

  /** Gives each device's outcome as it comes, in the rows' order, and says in the end how the chunk ended. */
  async *run(rows: readonly IterationRow[]): AsyncGenerator<FinishedRow, ChunkEnd> {
    Atomics.store(this.#signs, sign.started, -1);
    const watch = this.#watch();
    // Registered before the chunk is sent, so that nothing is missed.
    const messages = on(this.#events, 'message', { close: ['exit'] });
    try {
      // A script can end the thread after its last device, too.
      if (this.#exited) return this.#died();
      this.#send({ type: 'chunk', rows });
      for await (const [message] of messages as AsyncIterable<[FromWorker]>) {
        if (message.type === 'chunk-done') return { type: 'done' };
        if (message.type === 'finished') yield message;
        else this.#death = { reason: message.reason, message: message.message };
      }
      return this.#died();
    } finally {
      clearInterval(watch);
    }
  }

  #died(): ChunkEnd {
    const { reason, message } = this.#death ?? { reason: 'worker-died', message: 'the worker thread ended' };
    return { type: 'died', started: Atomics.load(this.#signs, sign.started), reason, message };
  }

  /** Newman's own script timeout cannot end a loop of promises: it never gives its timer a turn. */
  #watch(): NodeJS.Timeout {
    let seen = 0;
    let seenAt = performance.now();
    return setInterval(() => {
      const now = Atomics.load(this.#signs, sign.heartbeat);
      if (now !== seen || now === 0) {
        seen = now;
        seenAt = performance.now();
      } else if (performance.now() - seenAt > this.#blockedAfterMs) {
        this.#death = { reason: 'script-timeout', message: 'a script blocked the worker thread' };
        void this.close();
      }
    }, HEARTBEAT_MS);
  }

  /** Lets the device in flight finish, and ends the chunk there. */
  stop(): void {
    this.#send({ type: 'stop' });
  }

  async close(): Promise<void> {
    await this.#thread.terminate();
  }

  #send(message: ToWorker): void {
    this.#thread.postMessage(message);
  }
}
