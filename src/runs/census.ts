import type { CredentialsFile } from '../device/source/credentials-file.js';
import { validateDevices } from '../device/read-devices.js';
import type { Part } from '../fleet/census.js';
import { Census } from '../fleet/census.js';
import type { Fleet, Shard } from '../journal/record.js';
import type { DiagnosticPrinter } from '../cli/inputs/credentials.js';

/**
 * Reads a whole credentials file before anything is sent: it has to be good, and its devices are counted.
 *
 * @throws {BiotzPostmanError} CREDENTIALS_INVALID, after the diagnostics were printed
 */
export async function takeCensus(
  file: CredentialsFile,
  printer: DiagnosticPrinter,
  shard?: Shard,
): Promise<{ readonly fleet: Fleet; readonly part: Part }> {
  const census = new Census(shard);
  const counts = await validateDevices(file, {
    onDiagnostic: printer.print,
    onIds: (ids) => census.add(ids),
  });
  printer.requireNoErrors();
  return census.finish(counts);
}
