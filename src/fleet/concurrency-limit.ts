/** What one attempt tells about the server. */
export interface Sample {
  /** From sending to the end of the answer, in milliseconds. */
  readonly latencyMs: number;
  /** How many attempts were in flight when this one began. */
  readonly inFlight: number;
  /** The server gave no answer, or said "not now". */
  readonly dropped: boolean;
}

/** How many attempts may be in flight. */
export interface ConcurrencyLimit {
  readonly current: number;
  /** What `current` never exceeds. */
  readonly most: number;
  sample(sample: Sample): void;
}

export function fixedLimit(current: number): ConcurrencyLimit {
  return { current, most: current, sample: () => undefined };
}

/** Enough to learn from; a large fleet is past it within its first hundred devices. */
const INITIAL = 4;

/** After this many samples, times the limit, the shortest latency is measured again: a server can become slower for good. */
const SAMPLES_PER_BASELINE = 100;

/** How far the limit goes down for that, so that the queue empties first, and for how many samples. */
const BASELINE_SHARE = 1 / 8;
const BASELINE_SAMPLES = 5;

/** What a dropped attempt costs. Several come together, so one is not much. */
const DROP_FACTOR = 0.9;

/**
 * The concurrency limit of TCP Vegas: the shortest latency seen is that of an idle server, so by Little's law
 * `limit * (1 - shortest / latency)` attempts are waiting in a queue somewhere. While there are few, more
 * concurrency means more throughput, and the limit grows; when there are many, it only means more waiting, and
 * the limit shrinks.
 *
 * Vegas' bounds alpha and beta are a few attempts, as in Netflix's VegasLimit; a share of the limit comes on
 * top, as the tolerance of Netflix's Gradient2Limit: with hundreds of attempts in flight, latency varies by
 * more than a few attempts' worth all by itself. To measure the shortest latency anew, the limit goes down for
 * a moment, like BBR's: under load there is no idle server to be seen, and the limit would creep up for ever.
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
  /** Samples that are still to come while the shortest latency is measured anew. */
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
    // A limit that nothing reaches has not been tried.
    else if (this.#baselineLeft === 0 && inFlight * 2 >= this.#limit) this.#follow(latencyMs);
  }

  #follow(latencyMs: number): void {
    const queued = this.#limit * (1 - this.#shortestMs / latencyMs);
    const step = Math.max(1, Math.log10(this.#limit));
    // One more for each answer doubles the limit in the time that one answer takes.
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
