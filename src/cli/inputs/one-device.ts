import { invalidOption } from '../../errors/option-error.js';
import type { Device } from '../../device/device.js';
import { streamDevices } from '../../device/read-devices.js';
import type { BiotzPostmanError } from '../../errors/biotz-postman-error.js';
import { DeviceChoice } from '../../postman/device-choice.js';
import { DiagnosticPrinter, type KeyArguments, openSource } from './credentials.js';
import { readPassword } from './password.js';
import type { Terminal } from '../terminal/terminal.js';

/** A credentials file, and which of its devices to use. */
interface DeviceArguments extends KeyArguments {
  readonly source: string;
  /** A name or device id. */
  readonly device?: string | undefined;
}

/**
 * Reads a whole credentials file and returns one device: the named device, or the only one.
 *
 * @param several what to do if there are several devices and none is named
 * @throws {BiotzPostmanError} CREDENTIALS_INVALID, CREDENTIALS_CHANGED, DEVICE_AMBIGUOUS, DEVICE_NOT_FOUND,
 *   OPTION_INVALID if several devices match
 */
export async function oneDevice(
  { source, device, ...keys }: DeviceArguments,
  terminal: Terminal,
  several: 'refuse' | 'take the first' = 'refuse',
): Promise<Device> {
  const printer = new DiagnosticPrinter(terminal);
  const file = await openSource(source, keys, printer.print, terminal);
  try {
    const choice = new DeviceChoice(device === undefined ? 'first' : [device]);
    let first: Device | undefined;
    let count = 0;
    for await (const batch of streamDevices(file, { onDiagnostic: printer.print })) {
      count += batch.length;
      for (const each of batch) first ??= choice.see(each)?.device;
    }
    printer.requireNoErrors();
    const [named] = choice.end(file.name);
    const found = named?.device ?? first;
    if (device === undefined && count > 1 && several === 'refuse') throw tooMany(count);
    // A file without devices has an error, which was thrown above.
    if (found === undefined) throw new RangeError('a file without errors has a device');
    return found;
  } finally {
    await file.close();
  }
}

/** A user who is not in a file. */
export async function oneUser(username: string, { io }: Terminal): Promise<Device> {
  const password = await readPassword(username, io);
  return { deviceId: username, name: username, username, password, line: 0, otherColumns: {} };
}

function tooMany(count: number): BiotzPostmanError {
  return invalidOption(
    '--device',
    `is needed, because the file has ${count} devices`,
    'Give a name or device id; "token --all" logs in all devices.',
  );
}
