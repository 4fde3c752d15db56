import { createRequire } from 'node:module';
import type { EventEmitter } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ReasonCode } from '../platform/reason.js';
import { isLoopback } from '../platform/urls.js';
import { environmentValues } from '../postman/environment-values.js';
import { createBoundedAgents } from './bounded-agent.js';
import type { IterationRow } from '../postman/iteration-row.js';
import type { RowOutcome } from './row-outcome.js';
import { setExactCredentials } from './exact-credentials.js';
import type { NewmanRunState } from './isolation.js';
import { isolateDevices } from './isolation.js';
import type { NewmanEvent } from './newman-events.js';
import type { RunPlan } from './plan.js';
import { RowRecorder } from './row-recorder.js';

interface NewmanEmitter extends EventEmitter {
  readonly summary: { readonly run: { readonly executions: unknown[]; readonly failures: unknown[] } };
}
type Newman = { run(options: object, done: (error: Error | null) => void): NewmanEmitter };

// CommonJS; `import` would first parse the whole package for names.
const newman = createRequire(import.meta.url)('newman') as Newman;

/** No collection has so many for one device; beyond it, a script calls setNextRequest in a circle. */
const MOST_REQUESTS = 100;

/** How much longer than its deadline a request may take before the thread is given up, in milliseconds. */
const DEADLINE_GRACE_MS = 1000;

/** Below a file there is nothing: the only folder in which a collection may look for files to upload. */
const NO_FOLDER = join(fileURLToPath(import.meta.url), 'none');

/** Why a device ends the thread: Newman itself has no bound there. */
export class ThreadEndingError extends Error {
  readonly reason: ReasonCode;

  constructor(reason: ReasonCode, message: string) {
    super(message);
    this.reason = reason;
  }
}

/** Who is told about a chunk's progress; all calls come in the rows' order. */
export interface ChunkListener {
  /** From here on the device counts as attempted. */
  started(index: number): void;
  finished(index: number, outcome: RowOutcome): void;
  /** Asked after each device: true ends the run there. */
  stopped(): boolean;
}

/**
 * Runs the collection once a row in one Newman run.
 *
 * @returns once every row was reported, or the run was stopped
 * @throws what Newman calls back with: a script that did not end, or a collection that it cannot read.
 *   Newman may go on with the next rows afterwards, so the caller has to end this thread at once
 */
export function runChunk(
  rows: readonly IterationRow[],
  plan: RunPlan,
  listener: ChunkListener,
): Promise<void> {
  const agents = createBoundedAgents(plan.bounds);
  return new Promise<void>((resolve, reject) => {
    const emitter = newman.run(
      {
        collection: plan.collection,
        environment: plan.environment,
        iterationData: rows,
        ...(plan.requests.length > 0 && { folder: plan.requests }),
        insecure: plan.bounds.insecure,
        // A form-data field with `src` would upload what it names, such as generated/private/.
        insecureFileRead: false,
        workingDir: NO_FOLDER,
        // A redirect would carry a password or token along; a request of one's own can ask for it.
        ignoreRedirects: true,
        requestAgents: agents,
        // The agents keep the deadline; this is for silence in a proxy's tunnel, which they do not see.
        timeoutRequest: plan.bounds.timeoutMs + DEADLINE_GRACE_MS,
        timeoutScript: plan.timeoutScriptMs,
        reporters: [],
      },
      (error) => (error === null ? resolve() : reject(error)),
    );
    record(emitter, rows, plan, listener, reject);
  }).finally(() => {
    agents.http.destroy();
    agents.https.destroy();
  });
}

/** Turns Newman's events into one outcome a row. */
function record(
  emitter: NewmanEmitter,
  rows: readonly IterationRow[],
  plan: RunPlan,
  listener: ChunkListener,
  fail: (error: Error) => void,
): void {
  let run: NewmanRunState;
  let isolate: () => void;
  let recorder: RowRecorder;
  const variables = environmentValues(plan.environment);
  let requests = 0;
  let deadline: NodeJS.Timeout | undefined;
  // Newman swallows what a listener throws, and then waits for ever.
  const listen = (event: string, handle: (error: unknown, event: NewmanEvent) => void) =>
    emitter.on(event, (error: unknown, details: NewmanEvent) => {
      try {
        handle(error, details);
      } catch (defect) {
        fail(defect instanceof Error ? defect : new Error('a listener failed'));
      }
    });
  const isOwn = ({ cursor, item, request }: NewmanEvent) =>
    // What a script does with its own request is part of its test.
    item !== undefined && request !== undefined && cursor.scriptId === undefined;

  emitter.on('start', (_error: unknown, event: { run: NewmanRunState }) => {
    run = event.run;
    isolate = isolateDevices(run);
    // The agents count bytes on the wire; this counts them decompressed. Newman has no option for it.
    run.requester.options.maxResponseSize = plan.bounds.maxAnswerBytes;
  });
  listen('beforeIteration', (_error, { cursor }) => {
    isolate();
    requests = 0;
    recorder = new RowRecorder(rowAt(rows, cursor.iteration), plan);
    listener.started(cursor.iteration);
  });
  // Not beforeRequest: a request that a script skips goes round in a circle as well.
  listen('beforeItem', () => {
    requests++;
    if (requests > MOST_REQUESTS) throw new ThreadEndingError('request-loop', 'setNextRequest in a circle');
  });
  listen('beforeRequest', (_error, event) => {
    const { cursor, item, request } = event;
    if (request === undefined) return;
    // A request to this machine that went to a proxy would leave it.
    run.requester.options.ignoreProxyEnvironmentVariables = isLoopback(request.url.getHost?.() ?? '');
    if (!isOwn(event) || item === undefined) return;
    setExactCredentials(request, item.request, rowAt(rows, cursor.iteration), variables);
    recorder.sending();
    clearTimeout(deadline);
    deadline = setTimeout(
      () => fail(new ThreadEndingError('timeout', 'no whole answer in time')),
      plan.bounds.timeoutMs + 2 * DEADLINE_GRACE_MS,
    );
  });
  listen('request', (error, event) => {
    const { item, request, response } = event;
    if (!isOwn(event) || request === undefined) return;
    clearTimeout(deadline);
    const name = item?.name ?? '';
    if (response === undefined || isError(error)) recorder.notAnswered(name, request, error);
    else recorder.answered(name, request, response);
  });
  listen('assertion', (error, { item, assertion = '' }) => {
    if (isError(error)) recorder.assertionFailed(item?.name ?? '', assertion, messageOf(error));
    else recorder.assertionPassed();
  });
  // A script that throws emits both; one that throws later, in a timer, only `exception`.
  listen('script', (error, { item }) => {
    if (isError(error)) recorder.scriptFailed(item?.name, messageOf(error));
  });
  listen('exception', (_error, { error }) => recorder.scriptFailed(undefined, messageOf(error)));
  listen('iteration', (_error, { cursor }) => {
    listener.finished(cursor.iteration, recorder.outcome());
    // Newman keeps every request and answer of a run; 1,000 rows of them are nobody's need.
    emitter.summary.run.executions.length = 0;
    emitter.summary.run.failures.length = 0;
    if (listener.stopped()) run.abort();
  });
}

function rowAt(rows: readonly IterationRow[], iteration: number): IterationRow {
  const row = rows[iteration];
  if (row === undefined) throw new RangeError(`Newman began iteration ${iteration} of ${rows.length}`);
  return row;
}

/** A script may throw anything, an empty string too. */
function isError(error: unknown): boolean {
  return error !== null && error !== undefined;
}

/** An error's message, also of one from another realm such as a script's. */
export function messageOf(error: unknown): string {
  const message: unknown =
    typeof error === 'object' && error !== null && 'message' in error ? error.message : error;
  return typeof message === 'string' ? message : 'something that is no error was thrown';
}
