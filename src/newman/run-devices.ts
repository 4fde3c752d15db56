import { newmanError } from './errors.js';
import type { Device } from '../device/device.js';
import type { FleetOptions } from '../fleet/fleet-options.js';
import { sendOptions } from '../fleet/fleet-options.js';
import { sendDevices } from '../fleet/send-devices.js';
import type { RunEnd } from '../journal/record.js';
import type { DeviceResult } from '../result/device-result.js';
import { NewmanEngine } from './newman-engine.js';
import type { RunOptions, RunPlan } from './plan.js';
import { createRunPlan } from './plan.js';

/**
 * Each device in flight costs a script sandbox of some 10 MB. Above this number, the CPU is the bottleneck on two cores,
 * even if the server is 100 ms away (docs/performance.md).
 */
const AUTO_CONCURRENCY = 32;

/** The highest concurrency that a user can ask for. */
export const MOST_CONCURRENCY = 256;

/** Size of the batches that are made of devices that arrive one by one. */
const BATCH = 100;

/**
 * Sends every device through the collection in Newman, concurrently in worker threads, and yields one result for each
 * device, in the order in which they finish. A failed device is a result, and so is one whose script ended the worker.
 *
 * @param devices devices, or batches of them as `streamDevices` gives
 * @param options see {@link RunOptions}. When `signal` aborts, the devices in flight are finished and the
 *   generator ends; the devices after them were not attempted
 * @returns why the run ended: `completed` if every device has a result
 * @throws {BiotzPostmanError} COLLECTION_INVALID, ENVIRONMENT_INVALID, OPTION_INVALID, REQUEST_NOT_FOUND,
 *   URL_INSECURE or URL_INVALID before anything is sent; ENGINE_FAILED, after the results of all devices that
 *   were begun, if Newman cannot run
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
): AsyncGenerator<DeviceResult, RunEnd> {
  const batches = runPlan(inBatches(devices), await createRunPlan(options), options);
  for (;;) {
    const { done, value } = await batches.next();
    if (done === true) return value;
    yield* value;
  }
}

/**
 * As {@link runDevices}, with an existing plan, and with batches of the results that are finished at the same time, which
 * can be written down together.
 *
 * @throws {BiotzPostmanError} OPTION_INVALID, ENGINE_FAILED
 */
export async function* runPlan(
  devices: AsyncIterable<readonly Device[]>,
  plan: RunPlan,
  options: FleetOptions,
): AsyncGenerator<readonly DeviceResult[], RunEnd> {
  const alone = plan.reporters !== undefined && ({ concurrency: 1, retries: 0 } as const);
  const sending = sendOptions(
    { ...options, ...alone },
    { autoConcurrency: AUTO_CONCURRENCY, mostConcurrency: MOST_CONCURRENCY },
  );
  const engine = new NewmanEngine(plan, sending.limit.most);
  try {
    const end = yield* sendDevices(devices, engine, sending);
    if (end === 'engine-failed') throw newmanError('ENGINE_FAILED', { problem: engine.broken ?? 'it broke' });
    return end;
  } finally {
    await engine.close();
  }
}

/** Batches of a stream of devices, however it arrives. */
async function* inBatches(
  devices: Iterable<Device> | AsyncIterable<Device | readonly Device[]>,
): AsyncGenerator<readonly Device[]> {
  let batch: Device[] = [];
  for await (const some of devices) {
    if (Array.isArray(some)) yield some as readonly Device[];
    else batch.push(some as Device);
    if (batch.length === BATCH) {
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}
