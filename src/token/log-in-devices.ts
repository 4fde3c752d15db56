import type { Device } from '../device/device.js';
import type { Engine } from '../fleet/engine.js';
import type { FleetOptions } from '../fleet/fleet-options.js';
import { sendOptions } from '../fleet/fleet-options.js';
import { sendDevices } from '../fleet/send-devices.js';
import type { RunEnd } from '../journal/record.js';
import type { DeviceResult } from '../result/device-result.js';
import type { Login } from './engine.js';

/** The highest concurrency; above a thousand connections a single process gains nothing (docs/token.md). */
export const MOST_CONCURRENT_LOGINS = 1024;

export interface LogInOptions extends FleetOptions {
  /** Called right after each login; it must not throw. */
  readonly onLogin?: (device: Device, login: Login) => void;
}

/**
 * Logs a fleet of devices in over plain HTTP, concurrently, with retries and stop rules.
 *
 * @param engine closed at the end
 * @returns batches of results, in the order in which the devices finished; at the end, why the run ended
 * @throws {BiotzPostmanError} OPTION_INVALID; what reading the devices throws
 */
export async function* logInDevices(
  devices: AsyncIterable<readonly Device[]>,
  engine: Engine<Login>,
  { onLogin, ...options }: LogInOptions = {},
): AsyncGenerator<readonly DeviceResult[], RunEnd> {
  const bounds = { autoConcurrency: MOST_CONCURRENT_LOGINS, mostConcurrency: MOST_CONCURRENT_LOGINS };
  const sending = sendOptions(options, bounds);
  try {
    return yield* sendDevices(devices, engine, { ...sending, onAttempt: onLogin });
  } finally {
    await engine.close();
  }
}
