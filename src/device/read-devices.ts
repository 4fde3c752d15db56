import { deviceError } from './errors.js';
import { type NamedStream, openCredentials } from './source/credentials-file.js';
import type { AgeKeys } from './source/decrypted-file.js';
import type { Device } from './device.js';
import type { Diagnostic } from './diagnostic.js';
import type { OnDiagnostic } from './findings.js';
import type { ReadCounts } from './row-reader.js';
import { streamDevices } from './stream-devices.js';

/** How many diagnostics of each severity are kept; the counts hold all. */
const MAX_DIAGNOSTICS = 1000;

export interface DeviceList {
  readonly devices: readonly Device[];
  readonly counts: ReadCounts;
  /** The warnings, up to 1,000. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads all devices of a credentials file into memory; for large fleets use `streamDevices`.
 *
 * @param source a path, or a stream and its name
 * @param options.onDiagnostic is also told of each diagnostic, however many there are
 * @param options.identities what opens a file that age encrypted: each `AGE-SECRET-KEY-1…`, or an identity file's text
 * @param options.passphrase called for a file that was encrypted with one
 * @throws CREDENTIALS_INVALID when a diagnostic is an error, with up to 1,000 errors and 1,000 warnings;
 * CREDENTIALS_CHANGED; IDENTITY_INVALID
 * @example
 * const { devices } = await readDevices('devices.csv');
 * @example
 * const identities = [process.env.BIOTZ_AGE_IDENTITY];
 * const { devices } = await readDevices('devices.csv.age', { identities });
 */
export async function readDevices(
  source: string | NamedStream,
  { onDiagnostic, ...keys }: { readonly onDiagnostic?: OnDiagnostic } & AgeKeys = {},
): Promise<DeviceList> {
  const file = await openCredentials(source, keys);
  try {
    const diagnostics: Diagnostic[] = [];
    const seen = { error: 0, warning: 0 };
    const devices: Device[] = [];
    const pass = streamDevices(file, {
      onDiagnostic(diagnostic) {
        if (++seen[diagnostic.severity] <= MAX_DIAGNOSTICS) diagnostics.push(diagnostic);
        onDiagnostic?.(diagnostic);
      },
    });
    for (;;) {
      const { done, value } = await pass.next();
      if (done === true) {
        if (value.errors > 0) throw deviceError('CREDENTIALS_INVALID', { diagnostics });
        return { devices, counts: value, diagnostics };
      }
      for (const device of value) devices.push(device);
    }
  } finally {
    await file.close();
  }
}
