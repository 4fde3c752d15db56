import type { EventEmitter } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ReasonCode } from '../platform/reason.js';
import { isLoopback } from '../platform/urls.js';
import type { Attempt } from '../result/attempt.js';
import { BoundError, createBoundedAgents } from './bounded-agent.js';
import type { IterationRow } from '../postman/iteration-row.js';
import { setExactCredentials } from './exact-credentials.js';
import type { NewmanRunState } from './isolation.js';
import { isolateDevices, isolateScripts } from './isolation.js';
import { newman, type NewmanEvent } from './newman.js';
import type { RunPlan } from './plan.js';
import { isScriptTimeout, RowRecorder } from './row-recorder.js';

/** How much longer than its deadline a request may take before its run is aborted, in milliseconds. */
const DEADLINE_GRACE_MS = 1000;

/** The only folder from which a collection may upload files. It cannot exist, because its parent is a file. */
const NO_FOLDER = join(fileURLToPath(import.meta.url), 'none');

/** Events that Newman emits for each device. */
const listenedTo = (
  'beforeIteration beforeItem beforePrerequest prerequest beforeRequest request ' +
  'beforeTest test item iteration beforeScript script assertion console exception'
).split(' ');

/** Characters of an error's message that are shown. */
const LONGEST_MESSAGE = 1000;

/** Newman failed on a device. The message contains no secret. */
export class NewmanFailure extends Error {
  readonly reason: ReasonCode;

  constructor(message: string, quoted: (message: string) => string) {
    super(quoted(message));
    this.reason = isScriptTimeout(message) ? 'script-timeout' : 'worker-died';
  }
}

/** The device that a run is sending. */
interface Sending {
  /** Its row in this run. */
  readonly iteration: number;
  readonly row: IterationRow;
  readonly recorder: RowRecorder;
  /** Called before anything other than a login is sent. */
  readonly onSendMore: () => void;
  readonly finished: (attempt: Attempt) => void;
  readonly failed: (error: NewmanFailure) => void;
}

/**
 * One Newman run that receives its devices one by one: its iteration data begins as empty objects, and the run is paused
 * between iterations until the next device arrives. So a run and its script sandbox, which take 150 ms to start, serve
 * hundreds of devices, and the next device can be chosen at the last moment.
 */
export class NewmanRun {
  readonly #plan: RunPlan;
  readonly #rows: Partial<IterationRow>[];
  readonly #variables: ReadonlyMap<string, string>;
  readonly #emitter: EventEmitter;
  readonly #own = new Set<unknown>();
  /** Newman's state; set by its `start` event. */
  #state: NewmanRunState | undefined;
  #isolate: () => void = () => undefined;
  #isolateScript: (device: number, code: string) => void = () => undefined;
  readonly #harmless: ReadonlySet<string>;
  #sending: Sending | undefined;
  #sent = 0;
  #deadline: NodeJS.Timeout | undefined;
  /** Whether Newman has paused, and can be resumed. */
  #paused = false;
  #ended = false;
  #done: () => void = () => undefined;
  readonly #whenDone = new Promise<void>((resolve) => (this.#done = resolve));

  /**
   * @param capacity how many devices it takes. The first must be sent at once, because the run starts by itself
   * @param harmless see {@link isolateScripts}
   */
  constructor(plan: RunPlan, capacity: number, harmless: ReadonlySet<string>) {
    this.#plan = plan;
    this.#harmless = harmless;
    this.#variables = plan.variables;
    this.#rows = Array.from({ length: capacity }, () => ({}));
    const agents = createBoundedAgents(plan.bounds);
    this.#emitter = newman.run(
      {
        collection: plan.collection,
        environment: plan.environment,
        iterationData: this.#rows,
        ...(plan.requests.length > 0 && { folder: plan.requests }),
        insecure: plan.bounds.insecure,
        // A form-data field with `src` would upload what it names, such as generated/private/.
        insecureFileRead: false,
        workingDir: NO_FOLDER,
        // A redirect would take a password or token along; a request of the user's collection can allow it.
        ignoreRedirects: true,
        requestAgents: agents,
        // The agents keep the deadline; this is for silence in a proxy's tunnel, which they do not see.
        timeoutRequest: plan.bounds.timeoutMs + DEADLINE_GRACE_MS,
        timeoutScript: plan.timeoutScriptMs,
        reporters: plan.reporters?.names ?? [],
        reporter: plan.reporters?.options ?? {},
        // Otherwise Newman's own cli reporter asks for a terminal, which a thread does not have.
        color: 'off',
      },
      (error) => {
        this.#ended = true;
        this.#done();
        agents.http.destroy();
        agents.https.destroy();
        if (error !== null) this.#fail(error);
      },
    );
    this.#listen();
  }

  /** Whether it takes no further device. */
  get isFull(): boolean {
    return this.#ended || this.#sent >= this.#rows.length;
  }

  /** Whether it ended early, at a device that it was given. */
  get isBroken(): boolean {
    return this.#ended && this.#sent < this.#rows.length;
  }

  /**
   * Sends one device; the run takes the next one when this one is finished.
   *
   * @param onSendMore called before anything other than a login is sent for the device
   * @throws {NewmanFailure} for what Newman calls back with: a script that did not end, a collection that it cannot read.
   *   Newman may continue with the next rows afterwards, so the caller must end this thread at once
   */
  send(row: IterationRow, onSendMore: () => void): Promise<Attempt> {
    return new Promise((finished, failed) => {
      // Newman has made copies of the rows once it has started.
      Object.assign((this.#state?.state.data ?? this.#rows)[this.#sent] ?? {}, row);
      const recorder = new RowRecorder(row, this.#plan);
      this.#sending = { iteration: this.#sent, row, recorder, onSendMore, finished, failed };
      this.#sent++;
      if (this.#paused) this.#resume();
    });
  }

  #resume(): void {
    this.#paused = false;
    this.#state?.resume();
  }

  #listen(): void {
    this.#emitter.on('start', (_error: unknown, event: { run: NewmanRunState }) => {
      if (this.#plan.reporters === undefined) this.#silenceSummary();
      this.#state = event.run;
      this.#isolate = isolateDevices(event.run);
      this.#isolateScript = isolateScripts(event.run, this.#harmless);
      // The agents count bytes on the wire; this counts them decompressed. Newman has no option for it.
      event.run.requester.options.maxResponseSize = this.#plan.bounds.maxAnswerBytes;
    });
    this.#on('beforeIteration', () => this.#isolate());
    // Not beforeRequest: requests that a script skips can loop as well.
    this.#on('beforeItem', (_error, { cursor }) => {
      if (this.#recorder.beginItem(cursor.position)) this.#giveUp();
    });
    this.#on('beforeScript', (_error, { cursor, script }) =>
      this.#isolateScript(cursor.iteration, script?.toSource() ?? ''),
    );
    this.#on('beforeRequest', (_error, event) => this.#beforeRequest(event));
    this.#on('request', (error, event) => {
      const { item, request, response } = event;
      if (request === undefined) return;
      if (!isOwn(event)) return this.#recorder.scriptAnswered(request, response, error);
      clearTimeout(this.#deadline);
      const name = item?.name ?? '';
      if (response === undefined || isError(error)) this.#recorder.notAnswered(name, request, error);
      else this.#recorder.answered(name, request, response);
    });
    this.#on('assertion', (error, { item, assertion = '' }) => {
      if (isError(error)) this.#recorder.assertionFailed(item?.name ?? '', assertion, messageOf(error));
      else this.#recorder.assertionPassed();
    });
    // A script that throws emits both; one that throws later, in a timer, only `exception`.
    this.#on('script', (error, { item }) => {
      if (isError(error)) this.#recorder.scriptFailed(item?.name, messageOf(error));
    });
    this.#on('exception', (_error, { error }) => this.#recorder.scriptFailed(undefined, messageOf(error)));
    this.#on('iteration', () => this.#finish());
  }

  #beforeRequest(event: NewmanEvent): void {
    const { item, request } = event;
    if (request === undefined || this.#state === undefined) return;
    // A request to this machine that went to a proxy would leave it.
    this.#state.requester.options.ignoreProxyEnvironmentVariables = isLoopback(request.url.getHost?.() ?? '');
    if (this.#recorder.begin(request)) this.#device.onSendMore();
    if (!isOwn(event) || item === undefined) return;
    setExactCredentials(request, item.request, this.#device.row, this.#variables);
    clearTimeout(this.#deadline);
    this.#deadline = setTimeout(
      () => {
        this.#recorder.notAnswered(item.name ?? '', request, new BoundError('timeout'));
        this.#giveUp();
        // Newman may never call back.
        this.#done();
      },
      this.#plan.bounds.timeoutMs + 2 * DEADLINE_GRACE_MS,
    );
  }

  /**
   * Finishes the device and takes no further one: Newman does not continue by itself, and it has no way to skip the rest of
   * one device. An aborted run sends nothing more.
   */
  #giveUp(): void {
    const { finished, recorder } = this.#device;
    clearTimeout(this.#deadline);
    this.#sending = undefined;
    this.#ended = true;
    this.#state?.abort();
    finished(recorder.attempt());
  }

  #fail(error: Error): void {
    if (this.#sending !== undefined) {
      const { failed, recorder } = this.#sending;
      return failed(
        new NewmanFailure(messageOf(error), (message) => recorder.quote(message, LONGEST_MESSAGE)),
      );
    }
    // Between two devices the error must end the thread as well. Thrown later, because Newman swallows an error thrown here.
    setImmediate(() => {
      throw error;
    });
  }

  /** Ends the run between two devices, and waits until Newman's reporters have written their files. */
  async end(): Promise<void> {
    if (!this.#ended) this.#state?.abort();
    await this.#whenDone;
  }

  #finish(): void {
    const { finished, recorder } = this.#device;
    this.#sending = undefined;
    if (!this.isFull) {
      this.#state?.pause(() => {
        this.#paused = true;
        if (this.#sending !== undefined) this.#resume();
      });
    }
    finished(recorder.attempt());
  }

  get #device(): Sending {
    if (this.#sending === undefined) throw new RangeError('Newman runs without a device');
    return this.#sending;
  }

  get #recorder(): RowRecorder {
    return this.#device.recorder;
  }

  /** Adds a listener that does not throw: Newman swallows its error, and then waits forever. */
  #on(event: string, handle: (error: unknown, event: NewmanEvent) => void): void {
    const listener = (error: unknown, details: NewmanEvent) => {
      // Work that a finished device's script left running can still cause events.
      if (details.cursor.iteration !== this.#sending?.iteration) return;
      try {
        handle(error, details);
      } catch (defect) {
        this.#fail(defect instanceof Error ? defect : new Error('a listener failed'));
      }
    };
    this.#own.add(listener);
    this.#emitter.on(event, listener);
  }

  /**
   * Removes the listeners of Newman's own summary. It records everything for reporters that are not used, and keeps data of
   * each device until the end of the run. It listens by the time of the first event.
   */
  #silenceSummary(): void {
    for (const event of listenedTo) {
      for (const listener of this.#emitter.rawListeners(event)) {
        if (!this.#own.has(listener)) this.#emitter.removeListener(event, listener as () => void);
      }
    }
  }
}

/** Whether the collection sent the request. The requests that a script sends are part of its test. */
function isOwn({ cursor, item, request }: NewmanEvent): boolean {
  return item !== undefined && request !== undefined && cursor.scriptId === undefined;
}

/** A script may throw any value, even an empty string. */
function isError(error: unknown): boolean {
  return error !== null && error !== undefined;
}

/** The message of an error, which may come from another realm such as a script's. */
function messageOf(error: unknown): string {
  const message: unknown =
    typeof error === 'object' && error !== null && 'message' in error ? error.message : error;
  return typeof message === 'string' ? message : 'a value other than an error was thrown';
}
