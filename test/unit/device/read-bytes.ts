import type { Device } from '../../../src/device/device.js';
import type { Diagnostic } from '../../../src/device/diagnostic.js';
import { openCredentials } from '../../../src/device/source/open-credentials.js';
import type { ReadCounts } from '../../../src/device/row-reader.js';
import { streamDevices } from '../../../src/device/read-devices.js';

export interface Reading {
  readonly devices: readonly Device[];
  readonly counts: ReadCounts;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads a credentials file that exists only in memory. */
export async function readBytes(content: string | Uint8Array): Promise<Reading> {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  async function* stream(): AsyncGenerator<Uint8Array> {
    yield bytes;
  }
  const file = await openCredentials({ stream: stream(), name: 'devices.csv' });
  const diagnostics: Diagnostic[] = [];
  const devices: Device[] = [];
  const pass = streamDevices(file, { onDiagnostic: (diagnostic) => void diagnostics.push(diagnostic) });
  for (;;) {
    const { done, value } = await pass.next();
    if (done === true) return { devices, counts: value, diagnostics };
    devices.push(...value);
  }
}

/** A diagnostic as a test writes it: `code@line:column`. */
export function brief({ code, line, column }: Diagnostic): string {
  return `${code}@${line ?? ''}:${column ?? ''}`;
}
