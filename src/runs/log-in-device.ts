import type { Device } from '../device/device.js';
import type { Engine } from '../fleet/engine.js';
import type { DeviceResult } from '../result/device-result.js';
import type { Redactor } from '../secret/redactor.js';
import type { Login } from '../token/engine.js';
import { logInDevices, type LogInOptions } from '../token/log-in-devices.js';
import { withoutSecrets } from './fleet-journal.js';

/**
 * Logs one device in, without a journal. The redactor keeps the device's password for what the caller prints later.
 *
 * @returns the result without secrets; `undefined` if `options.signal` ended the run
 * @throws {BiotzPostmanError} OPTION_INVALID
 */
export async function logInDevice(
  device: Device,
  engine: Engine<Login>,
  redactor: Redactor,
  options: LogInOptions,
): Promise<DeviceResult | undefined> {
  redactor.hold([device.password.reveal()]);
  for await (const [result] of logInDevices(only(device), engine, options)) {
    if (result !== undefined) return withoutSecrets(result, device, redactor);
  }
  return undefined;
}

async function* only(device: Device): AsyncGenerator<readonly Device[]> {
  yield [device];
}
