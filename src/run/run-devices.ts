import type { Device } from '../device/device.js';
import { BiotzPostmanError } from '../errors.js';
import { iterationRow } from '../postman/iteration-row.js';
import type { DeviceResult } from '../result/device-result.js';
import { toDeviceResult } from './row-outcome.js';
import type { ChunkEnd } from './newman-worker.js';
import { NewmanWorker } from './newman-worker.js';
import type { RunOptions } from './plan.js';
import { createRunPlan } from './plan.js';

/**
 * Rows of one Newman run. Each run costs a script sandbox (about 150 ms), each row in it some memory until
 * its end; from 200 on the speed no longer changes (docs/performance.md).
 */
const CHUNK_SIZE = 500;

/** So many workers in a row that die before they take a device are no accident. */
const MOST_IDLE_DEATHS = 3;

/**
 * Sends every device through the collection, in the worker thread that Newman lives in, and gives one
 * result a device in the devices' order. A failed device is a result; so is one during which a script ended
 * the worker: a new worker goes on with the next device, and none is tried twice.
 *
 * @param devices devices, or batches of them as `streamDevices` gives
 * @param options see {@link RunOptions}. When `signal` aborts, the device in flight is finished and the
 *   generator ends; the devices after it were not attempted
 * @throws {BiotzPostmanError} COLLECTION_INVALID, ENVIRONMENT_INVALID, REQUEST_NOT_FOUND, URL_INSECURE or
 *   URL_INVALID before anything is sent; ENGINE_FAILED where Newman does not take the first device
 *
 * @example
 * const { devices } = await readDevices('devices.csv');
 * for await (const result of runDevices(devices)) {
 *   if (result.status === 'failed') console.log(result.name, result.reason);
 * }
 */
export async function* runDevices(
  devices: Iterable<Device> | AsyncIterable<Device | readonly Device[]>,
  options: RunOptions = {},
): AsyncGenerator<DeviceResult, void> {
  const plan = await createRunPlan(options);
  let worker: NewmanWorker | undefined;
  let idleDeaths = 0;
  const isAborted = () => options.signal?.aborted === true;
  const stop = () => worker?.stop();
  options.signal?.addEventListener('abort', stop);
  try {
    for await (const chunk of inChunks(devices, CHUNK_SIZE)) {
      for (let rest = chunk; rest.length > 0 && !isAborted();) {
        worker ??= new NewmanWorker(plan);
        const rows = worker.run(rest.map(iterationRow));
        let reported = 0;
        let end: ChunkEnd | undefined;
        try {
          for (let step = await rows.next(); ; step = await rows.next()) {
            if (step.done === true) {
              end = step.value;
              break;
            }
            yield toDeviceResult(deviceAt(rest, step.value.index), step.value.outcome);
            reported = step.value.index + 1;
          }
        } finally {
          // Where the caller stops early, the chunk's own clean-up has to run as well.
          if (end === undefined) await rows.return({ type: 'done' });
        }
        if (end.type === 'done') {
          // Newman said that it was done; a device without a result must not pass for one that was tried.
          if (reported < rest.length && !isAborted()) {
            throw new BiotzPostmanError('ENGINE_FAILED', { problem: 'Newman ended before the last device' });
          }
          break;
        }
        await worker.close();
        worker = undefined;
        const { started, reason, message } = end;
        // A script can also end a thread before its first device, by what it left running there.
        idleDeaths = started < 0 ? idleDeaths + 1 : 0;
        if (idleDeaths === MOST_IDLE_DEATHS)
          throw new BiotzPostmanError('ENGINE_FAILED', { problem: message });
        // It may have died between two devices; then the one last started is reported already.
        if (started >= 0 && started >= reported) {
          const failure = { reason, detail: message };
          yield toDeviceResult(deviceAt(rest, started), { durationMs: 0, requests: [], failure });
        }
        rest = rest.slice(Math.max(started + 1, reported));
      }
      if (isAborted()) return;
    }
  } finally {
    options.signal?.removeEventListener('abort', stop);
    await worker?.close();
  }
}

function deviceAt(devices: readonly Device[], index: number): Device {
  const device = devices[index];
  if (device === undefined) throw new RangeError(`the worker reported row ${index} of ${devices.length}`);
  return device;
}

/** Cuts a stream of devices into equal parts, however it arrives. */
async function* inChunks(
  devices: Iterable<Device> | AsyncIterable<Device | readonly Device[]>,
  size: number,
): AsyncGenerator<readonly Device[]> {
  let chunk: Device[] = [];
  for await (const some of devices) {
    for (const device of Array.isArray(some) ? (some as readonly Device[]) : [some as Device]) {
      chunk.push(device);
      if (chunk.length === size) {
        yield chunk;
        chunk = [];
      }
    }
  }
  if (chunk.length > 0) yield chunk;
}
