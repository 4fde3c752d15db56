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
 * Each device in flight costs a script sandbox of some 10 MB; past these, the CPU is the bound on two cores
 * even where the server is 100 ms away (docs/performance.md).
 */
const AUTO_CONCURRENCY = 32;

/** The maximum of `concurrency`. */
export const MOST_CONCURRENCY = 256;

/** How many devices are taken from a source at once if it yields single devices. */
const BATCH = 100;

/**
 * Sends every device through the collection in Newman, concurrently in worker threads, and yields one result
 * for each device, in the order in which they finish. A failed device is a result; so is one during
 * which a script ended the worker.
 *
 * @param devices devices, or batches of them as `streamDevices` gives
 * @param options see {@link RunOptions}. When `signal` aborts, the devices in flight are finished and the
 *   generator ends; the devices after them were not attempted
 * @returns in the end, why it ended: `completed` where every device has a result
 * @throws {BiotzPostmanError} COLLECTION_INVALID, ENVIRONMENT_INVALID, OPTION_INVALID, REQUEST_NOT_FOUND,
 *   URL_INSECURE or URL_INVALID before anything is sent; ENGINE_FAILED, after the results of all devices that
 *   were begun, where Newman cannot be run
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
 * As {@link runDevices}, by a plan that is made already, and with what is finished at the same time in one piece:
 * for those who write it down.
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
