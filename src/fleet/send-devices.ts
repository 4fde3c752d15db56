import { setTimeout as wait } from 'node:timers/promises';
import pRetry from 'p-retry';
import type { Device } from '../device/device.js';
import { errorCode } from '../errors/error-code.js';
import type { RunEnd } from '../journal/record.js';
import type { ReasonCode } from '../platform/reason.js';
import type { Attempt, AttemptFailure } from '../result/attempt.js';
import type { DeviceResult } from '../result/device-result.js';
import type { ConcurrencyLimit, Sample } from './concurrency-limit.js';
import type { Engine } from './engine.js';
import { Gate } from './gate.js';
import { resultOf } from './result-of.js';
import type { StopOptions } from './stop-rules.js';
import { StopRules } from './stop-rules.js';

/** A server that asks for a longer pause (Retry-After) is not waited for: the device has failed. In milliseconds. */
const LONGEST_RETRY_AFTER_MS = 60_000;

/** Devices that wait for another attempt keep their place in memory, and no more than these. */
const MOST_OPEN_BEYOND_LIMIT = 200;

/** Before the first repetition, and up to twice that by jitter; each further one doubles. In milliseconds. */
const BACKOFF = { minTimeout: 250, factor: 2, maxTimeout: 15_000, randomize: true } as const;

export interface FleetState {
  /** How many attempts may be in flight now. */
  readonly concurrency: number;
  readonly inFlight: number;
}

export interface SendOptions extends StopOptions {
  readonly limit: ConcurrencyLimit;
  /** How many attempts may begin a second. */
  readonly ratePerSecond?: number;
  /** How often a device is tried again, where that is safe. */
  readonly retries: number;
  /** Ends the run: what is in flight is finished, nothing else is begun. */
  readonly signal?: AbortSignal;
  /** Told of each device right before its first attempt. */
  readonly onStart?: (device: Device) => void;
  /** Told of each attempt that is to be repeated. */
  readonly onRetry?: (device: Device, failure: AttemptFailure) => void;
  /** Told whenever something has changed. */
  readonly onState?: (state: FleetState) => void;
}

/**
 * Sends every device once, several at a time, and tries again what may be tried again. Knows nothing of how a
 * device is sent.
 *
 * @param devices batches, read only as fast as they are sent
 * @returns results in batches, in the order in which the devices were finished; in the end, why it ended. Each
 *   device that was begun has exactly one result, also when the run ends early
 * @throws what reading the devices throws, after what is in flight has been finished and given
 */
export async function* sendDevices(
  devices: AsyncIterable<readonly Device[]>,
  engine: Engine,
  options: SendOptions,
): AsyncGenerator<readonly DeviceResult[], RunEnd> {
  const sender = new Sender(engine, options);
  const stop = () => sender.stop('interrupted');
  options.signal?.addEventListener('abort', stop);
  if (options.signal?.aborted === true) stop();
  try {
    const reading = sender.begin(devices);
    // It is told below, after what is in flight.
    reading.catch(() => undefined);
    for (let batch = await sender.results(); batch.length > 0; batch = await sender.results()) yield batch;
    await reading;
    return sender.end ?? 'completed';
  } finally {
    // Where the caller stops early, nothing goes on behind its back.
    sender.stop('interrupted');
    options.signal?.removeEventListener('abort', stop);
  }
}

/** A device with its result, and what its last attempt told about the server. */
interface Finished {
  readonly result: DeviceResult;
  readonly sample: Sample | undefined;
}

/** An attempt, and what it tells about the server. */
interface Tried {
  readonly made: Attempt;
  readonly sample: Sample | undefined;
}

/** A failure that may be repeated, as p-retry wants it. */
class Repeatable extends Error {}

/** Why a wait for a repetition is broken off; p-retry takes nothing but an Error for a reason. */
class Stopped extends Error {}

class Sender {
  readonly #engine: Engine;
  readonly #options: SendOptions;
  readonly #gate: Gate;
  readonly #rules: StopRules;
  readonly #stopping = new AbortController();
  #end: RunEnd | undefined;
  /** Begun, and not yet handed out. */
  #open = 0;
  #results: Finished[] = [];
  #given: readonly Finished[] = [];
  #reading = true;
  #defect: Error | undefined;
  /** Wakes whoever waits for a result, and whoever waits for room. */
  #wakeReader: () => void = () => undefined;
  #wakeWriter: () => void = () => undefined;

  constructor(engine: Engine, options: SendOptions) {
    this.#engine = engine;
    this.#options = options;
    this.#gate = new Gate(options.limit, options.ratePerSecond);
    this.#rules = new StopRules(options);
  }

  get end(): RunEnd | undefined {
    return this.#end;
  }

  stop(end: RunEnd): void {
    if (this.#end !== undefined) return;
    this.#end = end;
    this.#stopping.abort(new Stopped());
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
   * What is finished by now, or next; nothing at the end. To ask for more says that what was given is written
   * down: only then others take the places of these devices, so that a kill never loses more than is in flight.
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
    // Others that this turn of the event loop brings come along: to write is dear, and cheaper together.
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

  /** A failed device is a result; what gets here is a mistake of ours. */
  #break(defect: unknown): void {
    this.#defect = defect instanceof Error ? defect : new Error('an engine threw something that is no error');
    this.#wakeReader();
  }

  /** Tries a device until it has its result; the turn of the last attempt is given back when that is written down. */
  async #send(device: Device): Promise<void> {
    const reasons: ReasonCode[] = [];
    const attempt = async (): Promise<Tried> => {
      const inFlight = this.#gate.inFlight;
      const made = await this.#engine.attempt(device);
      const { earlier = [], failure } = made;
      reasons.push(...earlier, ...(failure === undefined ? [] : [failure.reason]));
      if (failure !== undefined) this.#pauseAll(failure);
      return { made, sample: sampleOf(made, inFlight) };
    };
    // Nearly all devices need no more than this, and p-retry takes its time.
    const first = await attempt();
    const { made, sample } = this.#mayRepeat(first, 1) ? await this.#repeat(device, first, attempt) : first;
    this.#finish({ result: resultOf(device, made, reasons), sample });
  }

  /** @returns the last attempt, which is the first one where the run ends before another */
  async #repeat(device: Device, first: Tried, attempt: () => Promise<Tried>): Promise<Tried> {
    let last = first;
    try {
      await pRetry(
        async (count) => {
          // The first one was made already, and is only told here.
          if (count > 1) {
            if (this.#stopped) return;
            await this.#gate.enter({ urgent: true });
            if (this.#stopped) return;
            last = await attempt();
            if (!this.#mayRepeat(last, count)) return;
          }
          this.#gate.leave(last.sample);
          throw new Repeatable();
        },
        {
          ...BACKOFF,
          retries: this.#options.retries,
          signal: this.#stopping.signal,
          onFailedAttempt: () => this.#beforeRetry(device, last.made.failure),
        },
      );
    } catch (error) {
      // Where the run ends before another attempt, what the last one said is the result.
      const isEnd =
        error instanceof Repeatable || error instanceof Stopped || errorCode(error) === 'ABORT_ERR';
      if (!this.#stopped || !isEnd) throw error;
    }
    return last;
  }

  /** What one device is told to wait holds for the others too. */
  #pauseAll({ retryAfterMs = 0 }: AttemptFailure): void {
    if (retryAfterMs <= LONGEST_RETRY_AFTER_MS) this.#gate.pause(retryAfterMs);
  }

  /** @param count which attempt it was, from 1 on */
  #mayRepeat({ made: { failure } }: Tried, count: number): boolean {
    if (failure?.repeatAfterMs === undefined || count > this.#options.retries) return false;
    return (failure.retryAfterMs ?? 0) <= LONGEST_RETRY_AFTER_MS && !this.#stopped;
  }

  /** Waits for what this failure asks for; p-retry's own backoff comes on top. */
  async #beforeRetry(device: Device, failure: AttemptFailure | undefined): Promise<void> {
    if (failure === undefined || this.#stopped) return;
    this.#options.onRetry?.(device, failure);
    const ms = Math.max(failure.repeatAfterMs ?? 0, failure.retryAfterMs ?? 0);
    if (ms > 0) await wait(ms, undefined, { signal: this.#stopping.signal });
  }
}

/** What an attempt says about the server; nothing, where no answer came for a reason that lies elsewhere. */
function sampleOf({ requests, failure }: Attempt, inFlight: number): Sample | undefined {
  const dropped = failure?.repeatAfterMs !== undefined;
  const answered = requests.length > 0 && requests.every(({ status }) => status !== undefined);
  if (!answered && !dropped) return undefined;
  return { latencyMs: requests.reduce((sum, { durationMs }) => sum + durationMs, 0), inFlight, dropped };
}
