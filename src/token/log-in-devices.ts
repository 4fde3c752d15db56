import type { Device } from '../device/device.js';
import type { Engine } from '../fleet/engine.js';
import type { FleetOptions } from '../fleet/fleet-options.js';
import { sendOptions } from '../fleet/fleet-options.js';
import { sendDevices } from '../fleet/send-devices.js';
import type { RunEnd } from '../journal/record.js';
import type { DeviceResult } from '../result/device-result.js';
import type { Login } from './engine.js';

/** The maximum concurrency; past a thousand connections a single process gains nothing (docs/token.md). */
export const MOST_LOGINS_AT_A_TIME = 1024;

export interface LogInOptions extends FleetOptions {
  /** Told of each login right after it; it must not throw. */
  readonly onLogin?: (device: Device, login: Login) => void;
}

/**
 * Logs devices in over plain HTTP, concurrently, with everything that a fleet needs around it.
 *
 * @param engine closed at the end
 * @returns results in batches, in the order in which the devices were finished; in the end, why it ended
 * @throws {BiotzPostmanError} OPTION_INVALID; what reading the devices throws
 */
export async function* logInDevices(
  devices: AsyncIterable<readonly Device[]>,
  engine: Engine<Login>,
  { onLogin, ...options }: LogInOptions = {},
): AsyncGenerator<readonly DeviceResult[], RunEnd> {
  const bounds = { autoConcurrency: MOST_LOGINS_AT_A_TIME, mostConcurrency: MOST_LOGINS_AT_A_TIME };
  const sending = sendOptions(options, bounds);
  try {
    return yield* sendDevices(devices, engine, { ...sending, onAttempt: onLogin });
  } finally {
    await engine.close();
  }
}
