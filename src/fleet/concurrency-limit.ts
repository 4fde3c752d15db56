/** What one attempt shows about the server. */
export interface Sample {
  /** Time from sending to the end of the answer, in milliseconds. */
  readonly latencyMs: number;
  /** How many attempts were in flight when this one began. */
  readonly inFlight: number;
  /** Whether the server gave no answer, or asked to retry later. */
  readonly dropped: boolean;
}

/** A limit of the attempts in flight. */
export interface ConcurrencyLimit {
  readonly current: number;
  /** The upper bound of `current`. */
  readonly most: number;
  sample(sample: Sample): void;
}

export function fixedLimit(current: number): ConcurrencyLimit {
  return { current, most: current, sample: () => undefined };
}

/** The first limit. A large fleet exceeds it within its first hundred devices. */
const INITIAL = 4;

/** After this many samples, times the limit, the shortest latency is measured again: a server can become slower for good. */
const SAMPLES_PER_BASELINE = 100;

/** The share to which the limit falls meanwhile, so that the queue empties, and the number of samples. */
const BASELINE_SHARE = 1 / 8;
const BASELINE_SAMPLES = 5;

/** Factor of the limit for each dropped attempt. Several are usually dropped together, so one counts little. */
const DROP_FACTOR = 0.9;

/**
 * The concurrency limit of TCP Vegas: the shortest latency seen is that of an idle server, so by Little's law
 * `limit * (1 - shortest / latency)` attempts are waiting in a queue somewhere. While there are few, more
 * concurrency means more throughput, and the limit grows; when there are many, it only means more waiting, and
 * the limit shrinks.
 *
 * Vegas' bounds alpha and beta are a few attempts, as in Netflix's VegasLimit; a share of the limit comes on
 * top, as the tolerance of Netflix's Gradient2Limit: with hundreds of attempts in flight, latency alone varies by
 * more than a few attempts. To measure the shortest latency again, the limit falls for a moment, like BBR's: a server
 * under load is never idle, and the limit would grow without end.
 *
 * @see Brakmo and Peterson, TCP Vegas: End to End Congestion Avoidance on a Global Internet (IEEE JSAC 13(8), 1995)
 * @see https://github.com/Netflix/concurrency-limits (VegasLimit, Gradient2Limit)
 * @see Cardwell et al., BBR: Congestion-Based Congestion Control (ACM Queue 14(5), 2016), ProbeRTT
 */
export class VegasLimit implements ConcurrencyLimit {
  readonly most: number;
  #limit: number;
  #shortestMs = Number.POSITIVE_INFINITY;
  #samples = 0;
  /** Samples that the measurement of the shortest latency still needs. */
  #baselineLeft = 0;

  constructor(most: number) {
    this.most = most;
    this.#limit = Math.min(INITIAL, most);
  }

  get current(): number {
    return this.#baselineLeft > 0 ? this.#baselineLimit : Math.floor(this.#limit);
  }

  sample({ latencyMs, inFlight, dropped }: Sample): void {
    if (dropped) {
      this.#set(this.#limit * DROP_FACTOR);
      return;
    }
    if (this.#baselineLeft > 0) {
      if (inFlight > this.#baselineLimit) return;
      this.#baselineLeft--;
    } else if (++this.#samples > SAMPLES_PER_BASELINE * this.#limit) {
      this.#samples = 0;
      this.#baselineLeft = BASELINE_SAMPLES;
      this.#shortestMs = Number.POSITIVE_INFINITY;
      return;
    }
    if (latencyMs < this.#shortestMs) this.#shortestMs = latencyMs;
    // A limit that was not reached says nothing about the server.
    else if (this.#baselineLeft === 0 && inFlight * 2 >= this.#limit) this.#follow(latencyMs);
  }

  #follow(latencyMs: number): void {
    const queued = this.#limit * (1 - this.#shortestMs / latencyMs);
    const step = Math.max(1, Math.log10(this.#limit));
    // One more for each answer doubles the limit within the time of one answer.
    if (queued < 3 * step + 0.15 * this.#limit) this.#set(this.#limit + step);
    else if (queued > 6 * step + 0.3 * this.#limit) this.#set(this.#limit - step);
  }

  get #baselineLimit(): number {
    return Math.max(2, Math.floor(this.#limit * BASELINE_SHARE));
  }

  #set(limit: number): void {
    this.#limit = Math.min(this.most, Math.max(1, limit));
  }
}
