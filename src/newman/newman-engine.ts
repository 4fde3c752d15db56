import { setTimeout as wait } from 'node:timers/promises';
import type { Device } from '../device/device.js';
import type { Engine } from '../fleet/engine.js';
import { LOGIN_GAP_MS } from '../platform/repeat.js';
import type { IterationRow } from '../postman/iteration-row.js';
import { iterationRow } from '../postman/iteration-row.js';
import type { Attempt, AttemptFailure } from '../result/attempt.js';
import { NewmanPool } from './newman-pool.js';
import type { Death, Sent } from './newman-worker.js';
import { NewmanWorker } from './newman-worker.js';
import type { RunPlan } from './plan.js';

/** So many deaths of threads without a device in between that came through are no accident. */
const MOST_DEATHS_IN_A_ROW = 20;

/**
 * Sends devices through the collection in Newman.
 *
 * A script can end the thread that it runs in, and with it every device there. Those get one more try, each
 * alone in a thread: so the one that ends a second thread is known for it, and the others come through. Where
 * a message may have been published, nothing is tried again: the device's outcome is unknown.
 */
export class NewmanEngine implements Engine {
  readonly #plan: RunPlan;
  readonly #pool: NewmanPool;
  #lonely: NewmanWorker | undefined;
  /** The end of the last device that was sent alone. */
  #lonelyDone: Promise<unknown> = Promise.resolve();
  /** The threads that died since the last device that came through. */
  readonly #dead = new Set<number>();
  #broken: string | undefined;
  #closed = false;

  /** @param concurrency how many devices may be sent at a time */
  constructor(plan: RunPlan, concurrency: number) {
    this.#plan = plan;
    this.#pool = new NewmanPool(plan, concurrency);
  }

  get broken(): string | undefined {
    return this.#broken;
  }

  async attempt(device: Device): Promise<Attempt> {
    const row = iterationRow(device);
    const first = this.#count(await this.#pool.send(row));
    if ('attempt' in first) return first.attempt;
    // A thread's last word may be lost with it, so a plan that publishes does not rely on it.
    const sentMore = first.death.sentMore || !this.#plan.onlyLogins;
    const failure = failureOf({ ...first.death, sentMore });
    if (sentMore || this.#broken !== undefined || this.#closed) return failed(failure);
    await wait(LOGIN_GAP_MS);
    // Nobody waits for it any more.
    if (this.#closed) return failed(failure);
    const second = this.#count(await this.#sendAlone(row));
    const earlier = [failure.reason];
    return 'attempt' in second ? { ...second.attempt, earlier } : failed(failureOf(second.death), earlier);
  }

  async close(): Promise<void> {
    this.#closed = true;
    if (this.#plan.reporters !== undefined) await this.#pool.end();
    await Promise.all([this.#pool.close(), this.#lonely?.close()]);
  }

  #sendAlone(row: IterationRow): Promise<Sent> {
    const sent = this.#lonelyDone.then(() => {
      if (this.#lonely === undefined || this.#lonely.ended) this.#lonely = new NewmanWorker(this.#plan, 1);
      return this.#lonely.send(row);
    });
    this.#lonelyDone = sent;
    return sent;
  }

  #count(sent: Sent): Sent {
    // A second Newman run would write its report over the first one's.
    if (this.#plan.reporters !== undefined && ('death' in sent || sent.runBroke)) {
      this.#broken ??=
        'the one Newman run of --newman-reporter was ended by a script, and its report with it';
    }
    if ('attempt' in sent) {
      this.#dead.clear();
      return sent;
    }
    this.#dead.add(sent.death.threadId);
    if (this.#dead.size >= MOST_DEATHS_IN_A_ROW) this.#broken ??= sent.death.message;
    return sent;
  }
}

function failureOf({ reason, message, sentMore }: Death): AttemptFailure {
  return { reason: sentMore ? 'outcome-unknown' : reason, detail: message };
}

function failed(failure: AttemptFailure, earlier: readonly AttemptFailure['reason'][] = []): Attempt {
  return { durationMs: 0, requests: [], failure, earlier };
}
