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
  sample(sample: Sample): void;
}

export function fixedLimit(current: number): ConcurrencyLimit {
  return { current, sample: () => undefined };
}

/** Enough to learn from; a large fleet is past it within its first hundred devices. */
const INITIAL = 4;

/** After so many samples, times the limit, the shortest latency is measured anew: a server can become slower for good. */
const SAMPLES_PER_BASELINE = 60;

/** What a dropped attempt costs. Several come together, so one is not much. */
const DROP_FACTOR = 0.9;

/**
 * The concurrency limit of TCP Vegas: the shortest latency seen is that of an idle server, so by Little's law
 * `limit * (1 - shortest / latency)` attempts are waiting in a queue somewhere. While there are few, more
 * concurrency means more throughput, and the limit grows; when there are many, it only means more waiting, and
 * the limit shrinks. Thresholds as in Netflix's concurrency-limits.
 *
 * @see Brakmo and Peterson, TCP Vegas: End to End Congestion Avoidance on a Global Internet (IEEE JSAC 13(8), 1995)
 * @see https://github.com/Netflix/concurrency-limits (VegasLimit)
 */
export class VegasLimit implements ConcurrencyLimit {
  readonly #max: number;
  #limit: number;
  #shortestMs = Number.POSITIVE_INFINITY;
  #samples = 0;

  /** @param max the limit never exceeds it */
  constructor(max: number) {
    this.#max = max;
    this.#limit = Math.min(INITIAL, max);
  }

  get current(): number {
    return Math.floor(this.#limit);
  }

  sample({ latencyMs, inFlight, dropped }: Sample): void {
    if (dropped) {
      this.#set(this.#limit * DROP_FACTOR);
      return;
    }
    this.#samples++;
    if (this.#samples > SAMPLES_PER_BASELINE * this.#limit) {
      this.#samples = 0;
      this.#shortestMs = latencyMs;
      return;
    }
    if (latencyMs < this.#shortestMs) {
      this.#shortestMs = latencyMs;
      return;
    }
    // A limit that nothing reaches has not been tried.
    if (inFlight * 2 < this.#limit) return;
    const queued = this.#limit * (1 - this.#shortestMs / latencyMs);
    const step = Math.max(1, Math.log10(this.#limit));
    if (queued <= step) this.#set(this.#limit + 6 * step);
    else if (queued < 3 * step) this.#set(this.#limit + step);
    else if (queued > 6 * step) this.#set(this.#limit - step);
  }

  #set(limit: number): void {
    this.#limit = Math.min(this.#max, Math.max(1, limit));
  }
}
