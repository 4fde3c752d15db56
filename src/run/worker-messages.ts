import type { IterationRow } from '../postman/iteration-row.js';
import type { RowOutcome } from './row-outcome.js';
import type { RunPlan } from './plan.js';

/** What a worker thread is born with. */
export interface WorkerBirth {
  readonly plan: RunPlan;
  /**
   * One number: the index in the current chunk of the device last started, or -1. Shared memory, because a
   * thread that is ended by a script has no chance to send a last message.
   */
  readonly started: Int32Array;
}

export type ToWorker =
  | { readonly type: 'chunk'; readonly rows: readonly IterationRow[] }
  /** Finish the device in flight, then end the chunk. */
  | { readonly type: 'stop' };

export type FromWorker =
  | { readonly type: 'finished'; readonly index: number; readonly outcome: RowOutcome }
  | { readonly type: 'chunk-done' }
  /** Newman gave up; the thread ends itself right after this message. */
  | { readonly type: 'engine-failed'; readonly message: string };
