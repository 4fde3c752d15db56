import type { ReasonCode } from '../platform/reason.js';
import type { IterationRow } from '../postman/iteration-row.js';
import type { RowOutcome } from './row-outcome.js';
import type { RunPlan } from './plan.js';

/** What a worker thread is born with. */
export interface WorkerBirth {
  readonly plan: RunPlan;
  /** Shared memory: a thread that a script ends or blocks has no chance to send a message. */
  readonly signs: Int32Array;
}

/** How often a thread shows that its event loop turns. */
export const HEARTBEAT_MS = 200;

/** The places in {@link WorkerBirth.signs}. */
export const sign = {
  /** The index in the current chunk of the device last started, or -1. */
  started: 0,
  /** Grows as long as the thread's event loop turns; 0 until Newman is loaded. */
  heartbeat: 1,
} as const;

export type ToWorker =
  | { readonly type: 'chunk'; readonly rows: readonly IterationRow[] }
  /** Finish the device in flight, then end the chunk. */
  | { readonly type: 'stop' };

export type FromWorker =
  | { readonly type: 'finished'; readonly index: number; readonly outcome: RowOutcome }
  | { readonly type: 'chunk-done' }
  /** Newman gave up; the thread ends itself right after this message. */
  | { readonly type: 'engine-failed'; readonly reason: ReasonCode; readonly message: string };
