import { createRequire } from 'node:module';
import type { EventEmitter } from 'node:events';
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

/** No collection for a device has this many; beyond it, a script calls setNextRequest in a circle. */
const MOST_REQUESTS = 300;

/** Newman has no bound for the requests of one iteration. */
export class RequestLoopError extends Error {}

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
        // Else a form-data field with `src` would upload any file of this machine.
        insecureFileRead: false,
        requestAgents: agents,
        // The agents keep the deadline; this is for a request that does not pass through them (a proxy's tunnel).
        timeoutRequest: plan.bounds.timeoutMs + 1000,
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
  const listen = (event: string, handle: (error: unknown, event: NewmanEvent) => void) =>
    emitter.on(event, handle);

  emitter.on('start', (_error: unknown, event: { run: NewmanRunState }) => {
    run = event.run;
    isolate = isolateDevices(run);
    // The agents count bytes on the wire; this counts them decompressed. Newman has no option for it.
    run.requester.options.maxResponseSize = plan.bounds.maxAnswerBytes;
  });
  listen('beforeIteration', (_error, { cursor }) => {
    isolate();
    recorder = new RowRecorder(rowAt(rows, cursor.iteration), plan);
    listener.started(cursor.iteration);
  });
  listen('beforeRequest', (_error, { cursor, item, request }) => {
    if (item === undefined || request === undefined || cursor.scriptId !== undefined) return;
    setExactCredentials(request, item.request, rowAt(rows, cursor.iteration));
    if (recorder.sending() > MOST_REQUESTS) fail(new RequestLoopError('setNextRequest in a circle'));
  });
  listen('request', (error, { cursor, item, request, response }) => {
    // What a script does with its own request is part of its test.
    if (item === undefined || request === undefined || cursor.scriptId !== undefined) return;
    const name = item.name ?? '';
    if (response === undefined || error) recorder.notAnswered(name, request, error);
    else recorder.answered(name, request, response);
  });
  listen('assertion', (error, { item, assertion = '' }) => {
    if (error) recorder.assertionFailed(item?.name ?? '', assertion, messageOf(error));
  });
  // A script that throws emits both; one that throws later, in a timer, only `exception`.
  listen('script', (error, { item }) => {
    if (error) recorder.scriptFailed(item?.name, messageOf(error));
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

/** An error's message, also of one from another realm such as a script's. */
export function messageOf(error: unknown): string {
  const { message } = error as { message?: unknown };
  return typeof message === 'string' ? message : 'unknown error';
}
