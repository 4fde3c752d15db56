/**
 * The thread that Newman lives in. A script of the collection can end it (an unhandled rejection, an endless
 * loop, all memory); the program and the other devices live on.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { redact } from '../secret/redact.js';
import type { IterationRow } from '../postman/iteration-row.js';
import type { ReasonCode } from '../platform/reason.js';
import { messageOf, RequestLoopError, runChunk } from './newman-run.js';
import type { FromWorker, ToWorker, WorkerBirth } from './worker-messages.js';
import { HEARTBEAT_MS, sign } from './worker-messages.js';

if (parentPort === null) throw new Error('run/worker.ts is a worker thread, not a program');
const port = parentPort;
const { plan, signs } = workerData as WorkerBirth;
let stopping = false;

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
    const passwords = rows.map(({ password }) => password);
    const message = messageOf(error);
    send({ type: 'engine-failed', reason: reasonOf(error, message), message: redact(message, passwords) });
    // Newman would now go on with the next rows and call back again. An unhandled rejection ends the thread
    // before it can.
    throw new Error('Newman gave up');
  }
  send({ type: 'chunk-done' });
}

function reasonOf(error: unknown, message: string): ReasonCode {
  if (error instanceof RequestLoopError) return 'request-loop';
  // node:vm and postman-sandbox each have their own words.
  return /timed? ?out/i.test(message) ? 'script-timeout' : 'worker-died';
}
