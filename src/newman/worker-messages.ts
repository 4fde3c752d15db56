import type { ReasonCode } from '../platform/reason.js';
import type { IterationRow } from '../postman/iteration-row.js';
import type { Attempt } from '../result/attempt.js';
import type { RunPlan } from './plan.js';

/** Data with which a worker thread starts. */
export interface WorkerBirth {
  readonly plan: RunPlan;
  /** Shared memory: a thread that a script ends or blocks has no chance to send a message. */
  readonly heartbeat: Int32Array;
}

/** How often a thread shows that its event loop is not blocked; the heartbeat is 0 until Newman is loaded. */
export const HEARTBEAT_MS = 200;

export type ToWorker =
  /** Send this device; `id` is in the answer. */
  | { readonly type: 'send'; readonly id: number; readonly row: IterationRow }
  /** Nothing follows: let Newman's reporters finish, and end. */
  | { readonly type: 'end' };

export type FromWorker =
  /** Something other than a login is about to be sent for this device. */
  | { readonly type: 'sending-more'; readonly id: number }
  | {
      readonly type: 'finished';
      readonly id: number;
      readonly attempt: Attempt;
      /** Whether the device ended its Newman run, although other devices could have followed. */
      readonly runBroke: boolean;
    }
  /** Newman failed on this device; the thread ends itself right after this message. */
  | {
      readonly type: 'engine-failed';
      readonly id: number;
      readonly reason: ReasonCode;
      readonly message: string;
    };
