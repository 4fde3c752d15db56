import type { CredentialsFile } from './source/credentials-file.js';
import { Findings } from './findings.js';
import { readRows } from './read-rows.js';
import { type ReadCounts, RowReader } from './row-reader.js';
import type { ReadOptions } from './stream-devices.js';

/**
 * Reads a credentials file to its end without making a device of any row: the pass that has to be without
 * an error before anything is sent.
 *
 * @throws as `streamDevices` does
 */
export async function validateDevices(
  file: CredentialsFile,
  { onDiagnostic = () => undefined }: Pick<ReadOptions, 'onDiagnostic'> = {},
): Promise<ReadCounts> {
  const findings = new Findings(file.name, onDiagnostic);
  const reader = new RowReader(findings, false);
  const pass = readRows(file, reader, findings);
  while ((await pass.next()).done !== true);
  return reader.finish();
}
