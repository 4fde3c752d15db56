import { availableParallelism } from 'node:os';
import type { IterationRow } from '../postman/iteration-row.js';
import type { Sent } from './newman-worker.js';
import { NewmanWorker } from './newman-worker.js';
import type { RunPlan } from './plan.js';

/** A thread costs as much to start as 60 devices to send, so the first takes a few before there is another. */
const DEVICES_BEFORE_ANOTHER_THREAD = 2;

/**
 * Worker threads with Newman in them, one a core. Script sandboxes are bound by the CPU: more threads than
 * cores only add memory (docs/performance.md).
 */
export class NewmanPool {
  readonly #plan: RunPlan;
  readonly #size: number;
  readonly #runs: number;
  #workers: NewmanWorker[] = [];

  /** @param concurrency how many devices may be in it at a time */
  constructor(plan: RunPlan, concurrency: number) {
    this.#plan = plan;
    // Newman's own reporters have to see all devices in one run.
    this.#size = plan.reporters === undefined ? availableParallelism() : 1;
    this.#runs = Math.ceil(concurrency / this.#size);
  }

  /** Sends a device in the thread that has the least to do. A dead thread is replaced when one is needed. */
  send(row: IterationRow): Promise<Sent> {
    this.#workers = this.#workers.filter((worker) => !worker.ended);
    const [idlest] = this.#workers.toSorted((a, b) => a.inFlight - b.inFlight);
    const isBusy = idlest === undefined || idlest.inFlight >= DEVICES_BEFORE_ANOTHER_THREAD;
    if (!isBusy || (idlest !== undefined && this.#workers.length >= this.#size)) return idlest.send(row);
    const worker = new NewmanWorker(this.#plan, this.#runs);
    this.#workers.push(worker);
    return worker.send(row);
  }

  /** Lets Newman's reporters finish. */
  async end(): Promise<void> {
    await Promise.all(this.#workers.filter((worker) => !worker.ended).map((worker) => worker.end()));
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.close()));
  }
}
