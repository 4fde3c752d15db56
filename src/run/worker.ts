/**
 * The thread that Newman lives in. A script of the collection can end it (an unhandled rejection, an endless
 * loop, all memory); the program and the other devices live on.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { redact } from '../secret/redact.js';
import type { IterationRow } from '../postman/iteration-row.js';
import type { ReasonCode } from '../platform/reason.js';
import { messageOf, runChunk, ThreadEndingError } from './newman-run.js';
import { isScriptTimeout } from './row-recorder.js';
import type { FromWorker, ToWorker, WorkerBirth } from './worker-messages.js';
import { HEARTBEAT_MS, sign } from './worker-messages.js';

if (parentPort === null) throw new Error('run/worker.ts is a worker thread, not a program');
const port = parentPort;
const { plan, signs } = workerData as WorkerBirth;
let stopping = false;

/** Of a foreign message; nobody reads more. */
const LONGEST_MESSAGE = 1000;

const send = (message: FromWorker) => port.postMessage(message);

port.on('message', (message: ToWorker) => {
  if (message.type === 'stop') {
    stopping = true;
    return;
  }
  void takeChunk(message.rows);
});

setInterval(() => Atomics.add(signs, sign.heartbeat, 1), HEARTBEAT_MS);

async function takeChunk(rows: readonly IterationRow[]): Promise<void> {
  Atomics.store(signs, sign.started, -1);
  try {
    await runChunk(rows, plan, {
      started: (index) => Atomics.store(signs, sign.started, index),
      finished: (index, outcome) => send({ type: 'finished', index, outcome }),
      stopped: () => stopping,
    });
  } catch (error) {
    const message = messageOf(error).slice(0, LONGEST_MESSAGE);
    const inFlight = rows[Atomics.load(signs, sign.started)];
    const secrets = inFlight === undefined ? [] : [inFlight.password];
    send({ type: 'engine-failed', reason: reasonOf(error, message), message: redact(message, secrets) });
    // Newman would now go on with the next rows and call back again. An unhandled rejection ends the thread
    // before it can.
    throw new Error('Newman gave up');
  }
  send({ type: 'chunk-done' });
}

function reasonOf(error: unknown, message: string): ReasonCode {
  if (error instanceof ThreadEndingError) return error.reason;
  return isScriptTimeout(message) ? 'script-timeout' : 'worker-died';
}
