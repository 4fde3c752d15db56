/** GET /collections and GET /workspaces/{id} together; the API counts each by itself. */
const CALLS = 10;
const WINDOW_MS = 10_000;

/**
 * Keeps to the Postman API's limit of 10 calls in 10 seconds for what lists and describes workspaces; all other
 * calls have 300 a minute, which a push does not reach.
 *
 * @see https://learning.postman.com/docs/developer/postman-api/postman-api-rate-limits/
 */
export class Pace {
  readonly #calls: number[] = [];

  /** @returns milliseconds to wait before the next call, which counts from `now` on that */
  next(now: number): number {
    const oldest = this.#calls.length < CALLS ? undefined : this.#calls.shift();
    const waitMs = oldest === undefined ? 0 : Math.max(0, oldest + WINDOW_MS - now);
    this.#calls.push(now + waitMs);
    return waitMs;
  }
}
