import { setMaxListeners } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import type { Device } from '../device/device.js';
import { errorCode } from '../errors/error-code.js';
import type { RunEnd } from '../journal/record.js';
import type { ReasonCode } from '../platform/reason.js';
import { type Attempt, type AttemptFailure, deviceResult } from '../result/attempt.js';
import type { DeviceResult } from '../result/device-result.js';
import type { ConcurrencyLimit, Sample } from './concurrency-limit.js';
import type { Engine } from './engine.js';
import { Gate } from './gate.js';
import type { StopOptions } from './stop-rules.js';
import { StopRules } from './stop-rules.js';

/** A device fails if its server asks for a longer pause (Retry-After) than this, in milliseconds. */
const LONGEST_RETRY_AFTER_MS = 60_000;

/** Devices that wait for another attempt stay in memory, so their number has a bound. */
const MOST_OPEN_BEYOND_LIMIT = 200;

/** The shortest and the longest wait before a retry, in milliseconds; each retry doubles it, and jitter up to doubles that. */
const SHORTEST_BACKOFF_MS = 250;
const LONGEST_BACKOFF_MS = 15_000;

export interface FleetState {
  /** How many attempts may be in flight now. */
  readonly concurrency: number;
  readonly inFlight: number;
}

export interface SendOptions extends StopOptions {
  readonly limit: ConcurrencyLimit;
  /** How many attempts may begin each second. */
  readonly ratePerSecond?: number;
  /** How often a device is sent again after a failure that may pass. */
  readonly retries: number;
  /** Ends the run: devices in flight are finished, and no other device is started. */
  readonly signal?: AbortSignal;
  /** Called right before the first attempt of a device. */
  readonly onStart?: (device: Device) => void;
  /** Called for each attempt that will be retried. */
  readonly onRetry?: (device: Device, failure: AttemptFailure) => void;
  /** Called after each finished device. */
  readonly onState?: (state: FleetState) => void;
}

/**
 * Sends every device once, several at once, and retries the failures that may pass. Does not know how a device is sent.
 *
 * @param devices batches, read only as fast as they are sent
 * @param options.onAttempt called right after each attempt; it must not throw
 * @returns results in batches, in the order in which the devices finished; at the end, why the run ended. Each device
 *   that was started has exactly one result, even if the run ends early
 * @throws the error of reading the devices, after the results of all devices in flight
 */
export async function* sendDevices<A extends Attempt>(
  devices: AsyncIterable<readonly Device[]>,
  engine: Engine<A>,
  options: SendOptions & { readonly onAttempt?: ((device: Device, attempt: A) => void) | undefined },
): AsyncGenerator<readonly DeviceResult[], RunEnd> {
  const sender = new Sender(engine, options);
  const stop = () => sender.stop('interrupted');
  options.signal?.addEventListener('abort', stop);
  if (options.signal?.aborted === true) stop();
  try {
    const reading = sender.begin(devices);
    // Awaited below, after the results of the devices in flight.
    reading.catch(() => undefined);
    for (let batch = await sender.results(); batch.length > 0; batch = await sender.results()) yield batch;
    await reading;
    return sender.end ?? 'completed';
  } finally {
    // If the caller stops early, no further device may be sent.
    sender.stop('interrupted');
    options.signal?.removeEventListener('abort', stop);
  }
}

/** A device's result, and what its last attempt showed about the server. */
interface Finished {
  readonly result: DeviceResult;
  readonly sample: Sample | undefined;
}

class Sender<A extends Attempt> {
  readonly #engine: Engine<A>;
  readonly #options: Parameters<typeof sendDevices<A>>[2];
  readonly #gate: Gate;
  readonly #rules: StopRules;
  readonly #stopping = new AbortController();
  #end: RunEnd | undefined;
  /** Devices that were started and whose results the caller has not written down. */
  #open = 0;
  #results: Finished[] = [];
  /** The results that the caller is writing down. */
  #given: readonly Finished[] = [];
  #reading = true;
  #defect: Error | undefined;
  /** Wake the caller that waits for a result, and the loop that waits before it starts a device. */
  #wakeReader: () => void = () => undefined;
  #wakeWriter: () => void = () => undefined;

  constructor(engine: Engine<A>, options: Parameters<typeof sendDevices<A>>[2]) {
    this.#engine = engine;
    this.#options = options;
    this.#gate = new Gate(options.limit, options.ratePerSecond);
    this.#rules = new StopRules(options);
    // Every device that waits to retry listens; Node warns on standard error after ten.
    setMaxListeners(0, this.#stopping.signal);
  }

  get end(): RunEnd | undefined {
    return this.#end;
  }

  stop(end: RunEnd): void {
    if (this.#end !== undefined) return;
    this.#end = end;
    this.#stopping.abort();
    this.#gate.open();
    this.#wakeWriter();
  }

  async begin(devices: AsyncIterable<readonly Device[]>): Promise<void> {
    try {
      for await (const batch of devices) {
        for (const device of batch) {
          while (this.#open >= this.#options.limit.current + MOST_OPEN_BEYOND_LIMIT && !this.#stopped) {
            await new Promise<void>((resolve) => (this.#wakeWriter = resolve));
          }
          if (!this.#stopped) await this.#gate.enter({ urgent: false });
          if (this.#stopped) return;
          this.#open++;
          this.#options.onStart?.(device);
          this.#send(device).catch((defect: unknown) => this.#break(defect));
        }
      }
    } finally {
      this.#reading = false;
      this.#wakeReader();
    }
  }

  /**
   * The results so far, or the next ones; an empty list at the end. Asking for more confirms that the previous results
   * are written down. Only then do other devices take their places, so that a kill never loses more than is in flight.
   */
  async results(): Promise<readonly DeviceResult[]> {
    this.#open -= this.#given.length;
    for (const { sample } of this.#given) this.#gate.leave(sample);
    this.#given = [];
    this.#wakeWriter();
    while (this.#results.length === 0 && (this.#reading || this.#open > 0)) {
      if (this.#defect !== undefined) throw this.#defect;
      await new Promise<void>((resolve) => (this.#wakeReader = resolve));
    }
    // Writing is expensive: collect all results of this turn of the event loop.
    if (this.#results.length > 0) await new Promise(setImmediate);
    this.#given = this.#results;
    this.#results = [];
    return this.#given.map(({ result }) => result);
  }

  get #stopped(): boolean {
    return this.#end !== undefined;
  }

  #finish(finished: Finished): void {
    const { result } = finished;
    this.#results.push(finished);
    const end = this.#engine.broken === undefined ? this.#rules.after(result) : 'engine-failed';
    if (end !== undefined) this.stop(end);
    this.#options.onState?.({ concurrency: this.#gate.concurrency, inFlight: this.#gate.inFlight });
    this.#wakeReader();
  }

  /** A failed device is a result, so an error that arrives here is a defect of the engine. */
  #break(defect: unknown): void {
    this.#defect =
      defect instanceof Error ? defect : new Error('an engine threw a value that is not an error');
    this.#wakeReader();
  }

  /** Sends a device until it has its result. `results` gives back the turn of the last attempt. */
  async #send(device: Device): Promise<void> {
    const reasons: ReasonCode[] = [];
    for (let count = 1; ; count++) {
      const { inFlight } = this.#gate;
      const attempt = await this.#engine.attempt(device);
      this.#options.onAttempt?.(device, attempt);
      const { earlier = [], failure } = attempt;
      reasons.push(...earlier, ...(failure === undefined ? [] : [failure.reason]));
      const sample = sampleOf(attempt, inFlight);
      if (failure !== undefined) {
        this.#pauseAll(failure);
        if (this.#mayRetry(failure, count)) {
          this.#gate.leave(sample);
          this.#options.onRetry?.(device, failure);
          await this.#waitToRetry(failure, count);
          if (!this.#stopped) await this.#gate.enter({ urgent: true });
          if (!this.#stopped) continue;
        }
      }
      this.#finish({ result: deviceResult(device, attempt, reasons), sample });
      return;
    }
  }

  /** A pause that the server asks one device for applies to all devices. */
  #pauseAll({ retryAfterMs = 0 }: AttemptFailure): void {
    if (retryAfterMs <= LONGEST_RETRY_AFTER_MS) this.#gate.pause(retryAfterMs);
  }

  /** @param count how many attempts this device has had */
  #mayRetry({ repeatAfterMs, retryAfterMs = 0 }: AttemptFailure, count: number): boolean {
    if (repeatAfterMs === undefined || count > this.#options.retries) return false;
    return retryAfterMs <= LONGEST_RETRY_AFTER_MS && !this.#stopped;
  }

  /** Waits as long as the failure asks for, with a backoff on top, or until the run is stopped. */
  async #waitToRetry({ repeatAfterMs = 0, retryAfterMs = 0 }: AttemptFailure, count: number): Promise<void> {
    const jitter = 1 + Math.random();
    const backoff = Math.min(LONGEST_BACKOFF_MS, jitter * SHORTEST_BACKOFF_MS * 2 ** (count - 1));
    try {
      const { signal } = this.#stopping;
      await wait(Math.max(repeatAfterMs, retryAfterMs) + backoff, undefined, { signal });
    } catch (error) {
      if (errorCode(error) !== 'ABORT_ERR') throw error;
    }
  }
}

/** What an attempt shows about the server; `undefined` if no answer came for a reason that lies elsewhere. */
function sampleOf({ requests, failure }: Attempt, inFlight: number): Sample | undefined {
  const dropped = failure?.repeatAfterMs !== undefined;
  const answered = requests.length > 0 && requests.every(({ status }) => status !== undefined);
  if (!answered && !dropped) return undefined;
  return { latencyMs: requests.reduce((sum, { durationMs }) => sum + durationMs, 0), inFlight, dropped };
}
