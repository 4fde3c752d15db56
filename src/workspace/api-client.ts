import { setTimeout as sleep } from 'node:timers/promises';
import type { Connections, HttpRequest } from '../http/connections.js';
import type { Reply } from '../http/reply.js';
import { retryAfterMs } from '../platform/repeat.js';
import type { Secret } from '../secret/secret.js';
import { type JsonObject, parseObject } from '../text/json.js';
import { apiError, isServiceLimit, isUncertain, OutcomeUnknown } from './api-error.js';
import type { ApiCall } from './errors.js';

/** If the API asks for a longer wait, the user decides. */
const LONGEST_RETRY_AFTER_MS = 60_000;
/** For a 429 without a Retry-After header: the window of the strictest limit. */
const USUAL_RETRY_AFTER_MS = 10_000;
const MOST_ATTEMPTS = 4;
/** Wait after the first attempt; each further wait is twice as long. */
const BACKOFF_MS = 500;
/** A wait longer than this is announced. */
const SHORT_WAIT_MS = 1_000;

/** Limit of GET /collections and GET /workspaces/{id}. Both count together here; the API counts them separately. */
const PACED_CALLS = 10;
const PACE_WINDOW_MS = 10_000;

export interface ApiOptions {
  /** Connections to the API's server. */
  readonly connections: Connections;
  readonly key: Secret;
  /** Ends every wait and every call that only reads. A write in progress is completed. */
  readonly signal?: AbortSignal;
  /** Called before a wait longer than a second. */
  readonly onWait?: (ms: number) => void;
  /** Replaces the real wait in tests. */
  readonly wait?: (ms: number, signal: AbortSignal | undefined) => Promise<unknown>;
}

export interface Call extends Pick<HttpRequest, 'path' | 'body'> {
  readonly call: ApiCall;
  readonly method?: 'POST' | 'PUT';
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether the stricter limit applies. */
  readonly paced?: true;
}

/**
 * Keeps to the Postman API's limit of 10 calls in 10 seconds for lists and descriptions of workspaces. All other calls
 * share a limit of 300 per minute, which a push does not reach.
 *
 * @see https://learning.postman.com/docs/developer/postman-api/postman-api-rate-limits/
 */
export class Pace {
  readonly #calls: number[] = [];

  /** @returns milliseconds to wait before the next call, which counts from `now` */
  next(now: number): number {
    const oldest = this.#calls.length < PACED_CALLS ? undefined : this.#calls.shift();
    const waitMs = oldest === undefined ? 0 : Math.max(0, oldest + PACE_WINDOW_MS - now);
    this.#calls.push(now + waitMs);
    return waitMs;
  }
}

/**
 * Sends calls to the Postman API. A read is retried if that may help. A write is sent again only after an answer that
 * says it was not carried out.
 */
export class ApiClient {
  readonly #options: ApiOptions;
  readonly #pace = new Pace();

  constructor(options: ApiOptions) {
    this.#options = options;
  }

  /**
   * @returns the object in the answer
   * @throws {OutcomeUnknown} if a write may have been carried out
   */
  async send({ call, paced, method, headers, ...request }: Call): Promise<JsonObject> {
    const { connections, key, signal } = this.#options;
    for (let attempt = 1; ; attempt++) {
      if (paced === true) await this.wait(this.#pace.next(Date.now()));
      signal?.throwIfAborted();
      const sent = connections.send({
        ...request,
        method: method ?? 'GET',
        headers: {
          accept: 'application/json',
          'user-agent': 'biotz-postman',
          'x-api-key': key.reveal(),
          ...(method && { 'content-type': 'application/json' }),
          ...headers,
        },
      });
      const reply = await (method === undefined ? unlessAborted(sent, signal) : sent);
      const object = reply.status !== undefined && reply.status < 300 ? parseObject(reply.text) : undefined;
      if (object !== undefined) return object;
      const waitMs = attempt < MOST_ATTEMPTS ? retryAfter(method, reply, attempt) : undefined;
      if (waitMs === undefined) {
        const error = apiError(call, reply, key.reveal(), Date.now());
        throw method !== undefined && isUncertain(reply) ? new OutcomeUnknown(error) : error;
      }
      await this.wait(waitMs);
    }
  }

  async wait(ms: number): Promise<void> {
    const { signal, onWait, wait = delay } = this.#options;
    if (ms === 0) return;
    if (ms > SHORT_WAIT_MS) onWait?.(ms);
    await wait(ms, signal);
  }
}

const delay = (ms: number, signal: AbortSignal | undefined) =>
  sleep(ms, undefined, { ...(signal && { signal }) });

/** Stops waiting when the signal aborts; the work itself ends when the connections close. @throws the signal's reason */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason as Error);
    signal.addEventListener('abort', abort, { once: true });
    void work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

/** Milliseconds after which a request may be sent again; `undefined` if it must not be. */
function retryAfter(method: Call['method'], reply: Reply, attempt: number): number | undefined {
  const isRead = method === undefined;
  const backoff = BACKOFF_MS * 2 ** (attempt - 1);
  if (reply.status === undefined) return isRead && temporary.has(reply.reason) ? backoff : undefined;
  if (reply.status === 429) {
    const waitMs = retryAfterMs(reply.retryAfter, Date.now()) ?? USUAL_RETRY_AFTER_MS;
    return isServiceLimit(reply.text) || waitMs > LONGEST_RETRY_AFTER_MS ? undefined : Math.max(waitMs, 1);
  }
  // Another update of the same collection is in progress.
  if (reply.status === 409 && method === 'PUT') return backoff;
  return isRead && (reply.status >= 500 || reply.status === 408) ? backoff : undefined;
}

/** Reasons that may be gone at the next attempt. */
const temporary: ReadonlySet<string> = new Set([
  'connection-reset',
  'connection-failed',
  'timeout',
  'host-not-found',
]);
