import { on } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { ReasonCode } from '../platform/reason.js';
import type { IterationRow } from '../postman/iteration-row.js';
import type { RowOutcome } from './row-outcome.js';
import type { RunPlan } from './plan.js';
import type { FromWorker, ToWorker, WorkerBirth } from './worker-messages.js';

/**
 * In megabytes. Measured (docs/performance.md): a Newman run lives in far less, and V8 would otherwise let
 * garbage grow with the fleet.
 */
const heapLimits = { maxOldGenerationSizeMb: 300, maxYoungGenerationSizeMb: 24 };

export interface FinishedRow {
  readonly index: number;
  readonly outcome: RowOutcome;
}

/** How a chunk ended. */
export type ChunkEnd =
  | { readonly type: 'done' }
  | {
      readonly type: 'died';
      /** The index of the device that was last started; -1 for none. */
      readonly started: number;
      readonly reason: ReasonCode;
      readonly message: string;
    };

/** One worker thread with Newman in it. It takes one chunk at a time, and is of no use once it has died. */
export class NewmanWorker {
  readonly #thread: Worker;
  readonly #started = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));

  constructor(plan: RunPlan) {
    const workerData: WorkerBirth = { plan, started: this.#started };
    this.#thread = new Worker(new URL('./worker.js', import.meta.url), {
      workerData,
      resourceLimits: heapLimits,
    });
  }

  /** Gives each device's outcome as it comes, in the rows' order, and says in the end how the chunk ended. */
  async *run(rows: readonly IterationRow[]): AsyncGenerator<FinishedRow, ChunkEnd> {
    Atomics.store(this.#started, 0, -1);
    let problem = 'the worker thread ended';
    // Registered before the chunk is sent, so that nothing is missed.
    const messages = on(this.#thread, 'message', { close: ['exit'] });
    this.#send({ type: 'chunk', rows });
    try {
      for await (const [message] of messages as AsyncIterable<[FromWorker]>) {
        if (message.type === 'chunk-done') return { type: 'done' };
        if (message.type === 'finished') yield message;
        else problem = message.message;
      }
    } catch (error) {
      // The thread's `error` event: whatever a script threw. Only its code is safe to repeat.
      if (problem === 'the worker thread ended') problem = codeOf(error);
    }
    const reason = /timed? ?out/i.test(problem) ? 'script-timeout' : 'worker-died';
    return { type: 'died', started: Atomics.load(this.#started, 0), reason, message: problem };
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

function codeOf(error: unknown): string {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : 'a script ended the worker thread';
}
