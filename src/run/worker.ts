/**
 * The thread that Newman lives in. A script of the collection can end it (an unhandled rejection, an endless
 * loop, all memory); the program and the other devices live on.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { redact } from '../secret/redact.js';
import type { IterationRow } from '../postman/iteration-row.js';
import { runChunk } from './newman-run.js';
import type { FromWorker, ToWorker, WorkerBirth } from './worker-messages.js';

if (parentPort === null) throw new Error('run/worker.ts is a worker thread, not a program');
const port = parentPort;
const { plan, started } = workerData as WorkerBirth;
let stopping = false;

const send = (message: FromWorker) => port.postMessage(message);

port.on('message', (message: ToWorker) => {
  if (message.type === 'stop') {
    stopping = true;
    return;
  }
  void takeChunk(message.rows);
});

async function takeChunk(rows: readonly IterationRow[]): Promise<void> {
  Atomics.store(started, 0, -1);
  try {
    await runChunk(rows, plan, {
      started: (index) => Atomics.store(started, 0, index),
      finished: (index, outcome) => send({ type: 'finished', index, outcome }),
      stopped: () => stopping,
    });
  } catch (error) {
    const passwords = rows.map(({ password }) => password);
    const message = redact(error instanceof Error ? error.message : String(error), passwords);
    send({ type: 'engine-failed', message });
    // Newman would now go on with the next rows and call back again. An unhandled rejection ends the thread
    // before it can.
    throw new Error('Newman gave up');
  }
  send({ type: 'chunk-done' });
}
