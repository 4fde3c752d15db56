import { availableParallelism } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import type { Device } from '../device/device.js';
import type { Engine } from '../fleet/engine.js';
import { LOGIN_GAP_MS } from '../platform/repeat.js';
import type { Attempt, AttemptFailure } from '../result/attempt.js';
import type { AttemptOutcome, Death } from './newman-worker.js';
import { NewmanWorker } from './newman-worker.js';
import type { RunPlan } from './plan.js';

/** If this many threads die in a row without one passing device, Newman itself is broken. */
const MOST_DEATHS_IN_A_ROW = 20;

/**
 * Sends devices through the collection in Newman.
 *
 * A script can end the thread that it runs in, and with it every device there. Those devices are tried once more, each
 * alone in a thread: then the device whose script ends a second thread is known, and the others pass. A device whose
 * message may have been published is not tried again: its outcome is unknown.
 */
export class NewmanEngine implements Engine {
  readonly #plan: RunPlan;
  readonly #pool: NewmanPool;
  #retryWorker: NewmanWorker | undefined;
  /** Settles after the last device that was sent alone. */
  #retryDone: Promise<unknown> = Promise.resolve();
  /** Threads that died since a device last got through. */
  readonly #dead = new Set<number>();
  #broken: string | undefined;
  #closed = false;

  /** @param concurrency how many devices may be sent concurrently */
  constructor(plan: RunPlan, concurrency: number) {
    this.#plan = plan;
    this.#pool = new NewmanPool(plan, concurrency);
  }

  get broken(): string | undefined {
    return this.#broken;
  }

  async attempt(device: Device): Promise<Attempt> {
    const first = this.#count(await this.#pool.send(device));
    if ('attempt' in first) return first.attempt;
    // A thread's last message may be lost with it, so a plan that publishes does not rely on it.
    const sentMore = first.death.sentMore || !this.#plan.onlyLogins;
    const failure = failureOf({ ...first.death, sentMore });
    if (sentMore || this.#broken !== undefined || this.#closed) return failed(failure);
    await wait(LOGIN_GAP_MS);
    // The run has ended meanwhile.
    if (this.#closed) return failed(failure);
    const second = this.#count(await this.#sendAlone(device));
    const earlier = [failure.reason];
    return 'attempt' in second ? { ...second.attempt, earlier } : failed(failureOf(second.death), earlier);
  }

  async close(): Promise<void> {
    this.#closed = true;
    if (this.#plan.reporters !== undefined) await this.#pool.end();
    await Promise.all([this.#pool.close(), this.#retryWorker?.close()]);
  }

  #sendAlone(device: Device): Promise<AttemptOutcome> {
    const outcome = this.#retryDone.then(() => {
      if (this.#retryWorker === undefined || this.#retryWorker.ended)
        this.#retryWorker = new NewmanWorker(this.#plan, 1);
      return this.#retryWorker.send(device);
    });
    this.#retryDone = outcome;
    return outcome;
  }

  #count(outcome: AttemptOutcome): AttemptOutcome {
    // A second Newman run would overwrite the report of the first.
    if (this.#plan.reporters !== undefined && ('death' in outcome || outcome.runBroke)) {
      this.#broken ??= 'a script ended the only Newman run of --newman-reporter, so its report is incomplete';
    }
    if ('attempt' in outcome) {
      this.#dead.clear();
      return outcome;
    }
    this.#dead.add(outcome.death.threadId);
    if (this.#dead.size >= MOST_DEATHS_IN_A_ROW) this.#broken ??= outcome.death.message;
    return outcome;
  }
}

function failureOf({ reason, message, sentMore }: Death): AttemptFailure {
  return { reason: sentMore ? 'outcome-unknown' : reason, detail: message };
}

function failed(failure: AttemptFailure, earlier: readonly AttemptFailure['reason'][] = []): Attempt {
  return { durationMs: 0, requests: [], failure, earlier };
}

/** Starting a thread costs as much as sending 60 devices, so the first thread gets a few before another is started. */
const DEVICES_BEFORE_ANOTHER_THREAD = 2;

/**
 * Worker threads with Newman in them, one per core. The CPU is the bottleneck of script sandboxes: more threads than cores
 * only add memory (docs/performance.md).
 */
class NewmanPool {
  readonly #plan: RunPlan;
  readonly #size: number;
  readonly #runs: number;
  #workers: NewmanWorker[] = [];

  /** @param concurrency how many devices may be sent concurrently */
  constructor(plan: RunPlan, concurrency: number) {
    this.#plan = plan;
    // Newman's own reporters must see all devices in one run.
    this.#size = plan.reporters === undefined ? availableParallelism() : 1;
    this.#runs = Math.ceil(concurrency / this.#size);
  }

  /** Sends a device in the thread that has the least to do. A dead thread is replaced when one is needed. */
  send(device: Device): Promise<AttemptOutcome> {
    this.#workers = this.#workers.filter((worker) => !worker.ended);
    const [idlest] = this.#workers.toSorted((a, b) => a.inFlight - b.inFlight);
    const isBusy = idlest === undefined || idlest.inFlight >= DEVICES_BEFORE_ANOTHER_THREAD;
    if (!isBusy || (idlest !== undefined && this.#workers.length >= this.#size)) return idlest.send(device);
    const worker = new NewmanWorker(this.#plan, this.#runs);
    this.#workers.push(worker);
    return worker.send(device);
  }

  /** Lets Newman's reporters finish. */
  async end(): Promise<void> {
    await Promise.all(this.#workers.filter((worker) => !worker.ended).map((worker) => worker.end()));
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.close()));
  }
}
