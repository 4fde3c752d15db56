import { createHash } from 'node:crypto';
import type { Device } from '../device/device.js';
import { type KnownColumn, knownColumns } from '../device/diagnostic.js';
import { Secret } from '../secret/secret.js';
import { uuidFrom } from '../text/uuid.js';

/** A device right after its creation. */
export interface SampleDevice extends Pick<Device, 'deviceId' | 'name' | 'username' | 'password'> {
  readonly customerId: string;
  readonly mqttUsername: string;
  readonly organizationId: string;
}

/** Letters and digits, without those that look alike. */
const PLAIN = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789';
/** Characters that must be quoted or encoded in a CSV file, a form or a URL: careless tools break there. */
const AWKWARD = '&=+%";, é';
const PASSWORD_LENGTH = 20;

/**
 * Generates devices that look like the platform's. The same seed gives the same devices, whatever their number. Their
 * passwords contain characters that must be quoted or encoded, but begin and end with a letter or digit.
 *
 * @param options.seed any text
 */
export function* sampleDevices(count: number, { seed }: { readonly seed: string }): Generator<SampleDevice> {
  const customerId = uuidFrom(digest(seed, 'customer'), 4);
  const organizationId = uuidFrom(digest(seed, 'organization'), 4);
  for (let n = 1; n <= count; n += 1) {
    const deviceId = uuidFrom(digest(seed, 'device', n), 4);
    yield {
      deviceId,
      name: `sensor-${String(n).padStart(4, '0')}`,
      username: `${deviceId}@devices.data-ingestion.biotz.io`,
      password: new Secret(samplePassword(digest(seed, 'password', n))),
      customerId,
      mqttUsername: deviceId,
      organizationId,
    };
  }
}

function samplePassword(random: Buffer): string {
  const letters = Array.from({ length: PASSWORD_LENGTH }, (_, index) => {
    const inside = index > 0 && index < PASSWORD_LENGTH - 1;
    // One byte chooses the alphabet, another byte the character.
    const alphabet = inside && random.readUInt8(index) % 8 === 0 ? AWKWARD : PLAIN;
    return alphabet.charAt(random.readUInt8(PASSWORD_LENGTH + index) % alphabet.length);
  });
  return letters.join('');
}

/** 64 bytes that look random and depend only on the parts. */
function digest(...parts: readonly (string | number)[]): Buffer {
  return createHash('sha512').update(JSON.stringify(parts)).digest();
}

/**
 * Writes the credentials file that the platform offers after creating devices: comma-separated UTF-8, quoted if RFC 4180
 * requires it. Every row is a chunk: `Readable.from()` streams a large fleet to a file. The text contains passwords.
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
