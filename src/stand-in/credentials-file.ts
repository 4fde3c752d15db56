import { type KnownColumn, knownColumns } from '../device/diagnostic.js';
import type { SampleDevice } from './sample-devices.js';

/**
 * Writes the credentials file that the platform offers after creating devices: comma-separated UTF-8, quoted
 * where RFC 4180 asks for it. Every row is a chunk, so that `Readable.from()` streams a large fleet to a
 * file and `[...rows].join('')` gives a small one whole. The text holds passwords.
 */
export function* credentialsFile(devices: Iterable<SampleDevice>): Generator<string> {
  yield row(knownColumns);
  for (const device of devices) {
    const values: { readonly [C in KnownColumn]: string } = {
      Created: 'Yes',
      Name: device.name,
      'Customer ID': device.customerId,
      'Device ID': device.deviceId,
      'MQTT Username': device.mqttUsername,
      'HTTP Username': device.username,
      Password: device.password.reveal(),
      'Organization ID': device.organizationId,
    };
    yield row(knownColumns.map((column) => values[column]));
  }
}

function row(values: readonly string[]): string {
  return `${values.map(quoted).join(',')}\n`;
}

function quoted(value: string): string {
  return /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
