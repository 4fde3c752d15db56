/**
 * The worker thread that runs Newman, in several concurrent runs. A script of the collection can end the thread (by an
 * unhandled rejection, an endless loop, or using up all memory); the program and the other devices continue.
 */
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { parentPort, workerData } from 'node:worker_threads';
import { ownScripts } from '../postman/fill-script.js';
import type { IterationRow } from '../postman/iteration-row.js';
import { NewmanFailure, NewmanRun } from './newman-run.js';
import type { FromWorker, ToWorker, WorkerBirth } from './worker-messages.js';
import { HEARTBEAT_MS } from './worker-messages.js';

if (parentPort === null) throw new Error('newman/worker.ts is a worker thread, not a program');
const port = parentPort;
const { plan, heartbeat } = workerData as WorkerBirth;

/**
 * Devices of one Newman run. Each run costs a script sandbox (about 150 ms, and twice the memory for a moment),
 * each device in it some memory until its end (docs/performance.md).
 */
const RUN_CAPACITY = 2000;

/** How often the heap is measured, in milliseconds. */
const MEASURE_MS = 1000;

/** By how much the heap may exceed its live objects; a collection takes 50 to 90 ms. */
const GROWTH = 1.35;

/** Size of Newman itself in a thread, in bytes; below that there is nothing to collect. */
const SMALLEST = 60_000_000;

/** Scripts that may share a sandbox across devices: they declare what they use, and set only variables of Postman. */
const harmless = await ownScripts();

/** Newman runs that wait for a device. */
const idle: NewmanRun[] = [];

/** Newman runs whose reporters must finish. */
const reported: NewmanRun[] = [];

const post = (message: FromWorker) => port.postMessage(message);

port.on('message', (message: ToWorker) => {
  if (message.type === 'send') void send(message.id, message.row);
  else void end();
});

// Newman is loaded: from here on, a thread whose event loop does not turn is blocked, even before its first beat.
Atomics.store(heartbeat, 0, 1);
const collecting = collectGarbage();
const pulse = setInterval(() => Atomics.add(heartbeat, 0, 1), HEARTBEAT_MS);

function startRun(): NewmanRun {
  const run = new NewmanRun(plan, plan.reporters?.devices ?? RUN_CAPACITY, harmless);
  if (plan.reporters !== undefined) reported.push(run);
  return run;
}

async function send(id: number, row: IterationRow): Promise<void> {
  // The run that was used last: its sandbox is warm, and the other runs may never be needed again.
  const run = idle.pop() ?? startRun();
  try {
    const attempt = await run.send(row, () => post({ type: 'sending-more', id }));
    if (!run.isFull) idle.push(run);
    post({ type: 'finished', id, attempt, runBroke: run.isBroken });
  } catch (error) {
    if (error instanceof NewmanFailure) {
      post({ type: 'engine-failed', id, reason: error.reason, message: error.message });
    }
    // Newman would now continue with the next rows and call back again. An unhandled rejection ends the thread before that.
    throw new Error('Newman gave up');
  }
}

/** Ends the thread. Unfinished writes of Newman's reporters keep it alive until they are done. */
async function end(): Promise<void> {
  await Promise.all(reported.map((run) => run.end()));
  clearInterval(pulse);
  clearInterval(collecting);
  port.close();
}

/**
 * Collects the thread's garbage before V8 would: V8 lets the heap grow up to its limit over a long fleet, although its live
 * objects stay the same (docs/performance.md lists what else was tried).
 */
function collectGarbage(): NodeJS.Timeout {
  // The only way to a collector that was not exposed when Node started; it covers the contexts of this thread.
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  let alive = SMALLEST / GROWTH;
  return setInterval(() => {
    if (getHeapStatistics().used_heap_size < alive * GROWTH) return;
    collect();
    alive = Math.max(SMALLEST / GROWTH, getHeapStatistics().used_heap_size);
  }, MEASURE_MS);
}
