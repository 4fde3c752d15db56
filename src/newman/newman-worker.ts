import { Worker } from 'node:worker_threads';
import type { Device } from '../device/device.js';
import { errorCode } from '../errors/error-code.js';
import type { ReasonCode } from '../platform/reason.js';
import { iterationRow } from '../postman/iteration-row.js';
import type { Attempt } from '../result/attempt.js';
import type { RunPlan } from './plan.js';
import type { FromWorker, ToWorker, WorkerBirth } from './worker-messages.js';
import { HEARTBEAT_MS } from './worker-messages.js';

/** In megabytes. Measured (docs/performance.md): Newman itself and 16 runs fit into 200; each further run takes less than 12. */
const HEAP_MB = 300;
const RUNS_IN_HEAP = 16;
const HEAP_PER_FURTHER_RUN_MB = 12;
const YOUNG_HEAP_MB = 24;

/** How much longer than a script's deadline the event loop of a thread may be blocked, in milliseconds. */
const BLOCKED_GRACE_MS = 2000;

const deathCauses: ReadonlyMap<string, string> = new Map([
  ['ERR_UNHANDLED_REJECTION', 'a script did not handle a rejected promise'],
  ['ERR_WORKER_OUT_OF_MEMORY', 'a script used up all memory'],
]);

/** The thread ended while a device was in it. */
export interface Death {
  readonly threadId: number;
  /** Whether anything but a login may have been sent for the device. */
  readonly sentMore: boolean;
  readonly reason: ReasonCode;
  readonly message: string;
}

type Cause = Pick<Death, 'reason' | 'message'>;

/** Outcome of one attempt to send a device in a thread. */
export type AttemptOutcome =
  | { readonly attempt: Attempt; /** See {@link FromWorker}. */ readonly runBroke: boolean }
  | { readonly death: Death };

/** One worker thread with Newman in it. It takes any number of devices concurrently. A dead thread is never used again. */
export class NewmanWorker {
  readonly #thread: Worker;
  readonly #heartbeat = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  readonly #inFlight = new Map<number, (outcome: AttemptOutcome) => void>();
  readonly #sentMore = new Set<number>();
  /** Devices that caused the thread's death, and how. */
  readonly #culprits = new Map<number, Cause>();
  readonly #exit: Promise<void>;
  readonly #watch: NodeJS.Timeout;
  #cause: Cause = { reason: 'worker-died', message: 'the worker thread ended' };
  /** A copy, because Node resets it when the thread ends. */
  readonly #threadId: number;
  #ended = false;
  #nextId = 0;

  /** @param runs how many devices may be in it concurrently */
  constructor(plan: RunPlan, runs: number) {
    const furtherMb = Math.max(0, runs - RUNS_IN_HEAP) * HEAP_PER_FURTHER_RUN_MB;
    const workerData: WorkerBirth = { plan, heartbeat: this.#heartbeat };
    this.#thread = new Worker(new URL('./worker.js', import.meta.url), {
      workerData,
      resourceLimits: {
        maxOldGenerationSizeMb: HEAP_MB + furtherMb,
        maxYoungGenerationSizeMb: YOUNG_HEAP_MB,
      },
      env: plan.threadEnvironment,
      // Newman's old dependencies cause deprecation warnings in Node 24, which a user cannot act on. An unhandled
      // rejection must end the thread, whatever NODE_OPTIONS says: `worker.ts` relies on it.
      execArgv: ['--no-deprecation', '--unhandled-rejections=throw'],
    });
    this.#threadId = this.#thread.threadId;
    this.#thread.on('message', (message: FromWorker) => this.#take(message));
    this.#thread.on('error', (error) => {
      this.#ended = true;
      // A script may have thrown it: its message and even its code may contain a password.
      const message = deathCauses.get(errorCode(error) ?? '') ?? 'a script ended the worker thread';
      if (this.#cause.reason === 'worker-died') this.#cause = { reason: 'worker-died', message };
    });
    this.#watch = this.#watchHeartbeat(plan.timeoutScriptMs + BLOCKED_GRACE_MS);
    // Not on `error`: Node emits that before it delivers the last messages, and `exit` after them.
    this.#exit = new Promise((resolve) => {
      this.#thread.once('exit', () => {
        this.#ended = true;
        clearInterval(this.#watch);
        this.#resolveDead();
        resolve();
      });
    });
  }

  /** Whether it takes no further device. */
  get ended(): boolean {
    return this.#ended;
  }

  get inFlight(): number {
    return this.#inFlight.size;
  }

  /** Sends a device. The promise is fulfilled whatever happens to the thread; after a death nothing of the device runs any more. */
  send(device: Device): Promise<AttemptOutcome> {
    const id = this.#nextId++;
    return new Promise((resolve) => {
      this.#inFlight.set(id, resolve);
      this.#post({ type: 'send', id, row: iterationRow(device) });
    });
  }

  /** Ends the thread after Newman's reporters have written their files. No device may be in it. */
  async end(): Promise<void> {
    this.#post({ type: 'end' });
    await this.#exit;
  }

  /** Ends the thread at once: for the devices in it, that is a death. */
  async close(): Promise<void> {
    this.#ended = true;
    await this.#thread.terminate();
    await this.#exit;
  }

  #post(message: ToWorker): void {
    this.#thread.postMessage(message);
  }

  #take(message: FromWorker): void {
    if (message.type === 'engine-failed') {
      this.#ended = true;
      this.#culprits.set(message.id, { reason: message.reason, message: message.message });
      return;
    }
    if (message.type === 'sending-more') {
      this.#sentMore.add(message.id);
      return;
    }
    const { attempt, runBroke } = message;
    this.#inFlight.get(message.id)?.({ attempt, runBroke });
    this.#inFlight.delete(message.id);
    this.#sentMore.delete(message.id);
  }

  #resolveDead(): void {
    for (const [id, resolve] of this.#inFlight) {
      const cause = this.#culprits.get(id) ?? this.#cause;
      resolve({ death: { threadId: this.#threadId, sentMore: this.#sentMore.has(id), ...cause } });
    }
    this.#inFlight.clear();
  }

  /** Newman's own script timeout cannot end a loop of promises, in which its timer never gets a turn. */
  #watchHeartbeat(blockedAfterMs: number): NodeJS.Timeout {
    let seen = 0;
    let seenAt = performance.now();
    return setInterval(() => {
      const now = Atomics.load(this.#heartbeat, 0);
      if (now !== seen || now === 0) {
        seen = now;
        seenAt = performance.now();
      } else if (performance.now() - seenAt > blockedAfterMs) {
        this.#cause = { reason: 'script-timeout', message: 'a script blocked the worker thread' };
        void this.close();
      }
    }, HEARTBEAT_MS);
  }
}
