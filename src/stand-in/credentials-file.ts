import type { SampleDevice } from './sample-devices.js';

/** The columns of the platform's credentials file, in its order. */
const COLUMNS = [
  'Created',
  'Name',
  'Customer ID',
  'Device ID',
  'MQTT Username',
  'HTTP Username',
  'Password',
  'Organization ID',
];

/**
 * Writes the credentials file that the platform offers after creating devices: comma-separated UTF-8, quoted
 * where RFC 4180 asks for it. Every row is a chunk, so that `Readable.from()` streams a large fleet to a
 * file and `[...rows].join('')` gives a small one whole. The text holds passwords.
 */
export function* credentialsFile(devices: Iterable<SampleDevice>): Generator<string> {
  yield row(COLUMNS);
  for (const device of devices) {
    yield row([
      'Yes',
      device.name,
      device.customerId,
      device.deviceId,
      device.mqttUsername,
      device.username,
      device.password.reveal(),
      device.organizationId,
    ]);
  }
}

function row(values: readonly string[]): string {
  return `${values.map(quoted).join(',')}\n`;
}

function quoted(value: string): string {
  return /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
