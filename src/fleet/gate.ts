import type { ConcurrencyLimit, Sample } from './concurrency-limit.js';

/** Delays of a coarse timer up to this are made up for, so that the rate is kept. In milliseconds. */
const CATCH_UP_MS = 100;

/**
 * Every attempt of a fleet waits here for its turn: until fewer attempts are in flight than the limit allows, the rate
 * allows one more, and a pause that the server asked for is over. Retries take precedence over new devices.
 */
export class Gate {
  readonly #limit: ConcurrencyLimit;
  readonly #intervalMs: number;
  readonly #urgent: (() => void)[] = [];
  readonly #waiting: (() => void)[] = [];
  #inFlight = 0;
  /** Times of the next attempt that the rate allows, and of the end of a pause, on the clock of `performance.now()`. */
  #nextAt = 0;
  #pausedUntil = 0;
  #timer: NodeJS.Timeout | undefined;

  /** @param ratePerSecond how many attempts may begin each second; absent: any number */
  constructor(limit: ConcurrencyLimit, ratePerSecond?: number) {
    this.#limit = limit;
    this.#intervalMs = ratePerSecond === undefined ? 0 : 1000 / ratePerSecond;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  get concurrency(): number {
    return this.#limit.current;
  }

  /** Waits for a turn; {@link leave} gives it back. */
  enter({ urgent }: { readonly urgent: boolean }): Promise<void> {
    return new Promise((resolve) => {
      (urgent ? this.#urgent : this.#waiting).push(resolve);
      this.#admit();
    });
  }

  /** @param sample what the attempt showed about the server */
  leave(sample?: Sample): void {
    this.#inFlight--;
    if (sample !== undefined) this.#limit.sample(sample);
    this.#admit();
  }

  /** Admits no device for a while; devices in flight continue. */
  pause(ms: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, performance.now() + ms);
  }

  /** Admits all waiting callers at once: each must check that there is nothing left to do. */
  open(): void {
    clearTimeout(this.#timer);
    for (const resolve of [...this.#urgent.splice(0), ...this.#waiting.splice(0)]) {
      this.#inFlight++;
      resolve();
    }
  }

  #admit(): void {
    clearTimeout(this.#timer);
    while (this.#inFlight < this.#limit.current && this.#urgent.length + this.#waiting.length > 0) {
      const now = performance.now();
      const from = Math.max(this.#nextAt, this.#pausedUntil);
      if (from > now) {
        this.#timer = setTimeout(() => this.#admit(), Math.ceil(from - now));
        return;
      }
      this.#nextAt = Math.max(this.#nextAt, now - CATCH_UP_MS) + this.#intervalMs;
      this.#inFlight++;
      (this.#urgent.shift() ?? this.#waiting.shift())?.();
    }
  }
}
