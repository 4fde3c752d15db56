import type { CredentialsFile } from './source/credentials-file.js';
import type { Device } from './device.js';
import { Findings, type OnDiagnostic } from './findings.js';
import { readRows } from './read-rows.js';
import { type ReadCounts, RowReader } from './row-reader.js';

/** What every way of reading a credentials file takes. */
export interface ReadOptions {
  /** Told of each diagnostic as it is found; without it only the counts remain. */
  readonly onDiagnostic?: OnDiagnostic;
  /** The same open file was read to its end before, without an error: devices are not looked for twice again. */
  readonly validated?: boolean;
}

/**
 * Reads the created devices of a credentials file, in its order and in batches: what one part of the file
 * gave. Reading goes on after an error, so that all diagnostics come at once; whoever must not act on a bad
 * file calls `validateDevices` first.
 *
 * @returns the counts, at the end
 * @throws CREDENTIALS_CHANGED when the file changes meanwhile; CREDENTIALS_INVALID when it can no longer be
 * read. Bad content never throws.
 */
export async function* streamDevices(
  file: CredentialsFile,
  { onDiagnostic = () => undefined, validated = false }: ReadOptions = {},
): AsyncGenerator<readonly Device[], ReadCounts> {
  const findings = new Findings(file.name, onDiagnostic);
  const reader = new RowReader(findings, true, validated);
  const pass = readRows(file, reader, findings);
  while ((await pass.next()).done !== true) {
    const batch = reader.takeDevices();
    if (batch.length > 0) yield batch;
  }
  return reader.finish();
}
