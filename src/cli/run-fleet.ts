import type { CredentialsFile } from '../device/credentials-file.js';
import type { ReadCounts } from '../device/row-reader.js';
import { streamDevices } from '../device/stream-devices.js';
import { BiotzPostmanError, isBiotzPostmanError } from '../errors.js';
import { formatSummary } from '../report/summary-text.js';
import { RunSummary } from '../result/summary.js';
import type { RunOptions } from '../run/plan.js';
import { runDevices } from '../run/run-devices.js';
import { exitStatus, statusOfRun } from './exit-status.js';
import { onInterrupt } from './interrupt.js';
import type { Terminal } from './terminal.js';

/**
 * Runs a validated credentials file and prints the summary, also when the run breaks off: what was done is
 * worth knowing.
 *
 * @param file read once already; it is read again here, and must still be the same
 * @param read what the validation counted
 * @returns the exit status
 * @throws {BiotzPostmanError} what `runDevices` throws; CREDENTIALS_CHANGED
 */
export async function runFleet(
  file: CredentialsFile,
  read: ReadCounts,
  options: RunOptions,
  terminal: Terminal,
): Promise<number> {
  const summary = new RunSummary();
  const startedAt = performance.now();
  const printSummary = () => {
    const durationMs = performance.now() - startedAt;
    const facts = { counts: summary.counts(read), failures: summary.failures(), file: file.name, durationMs };
    return terminal.result(formatSummary(facts, terminal.paint));
  };
  const what = 'The device in flight is finished first; once more to stop at once.';
  const interrupt = onInterrupt(terminal, what, printSummary);
  try {
    for await (const result of runDevices(streamDevices(file), { ...options, signal: interrupt.signal })) {
      summary.add(result);
    }
  } catch (error) {
    if (summary.counts(read).attempted > 0) await printSummary();
    // It was good when it was validated.
    if (isBiotzPostmanError(error, 'CREDENTIALS_INVALID')) {
      throw new BiotzPostmanError('CREDENTIALS_CHANGED', { file: file.name });
    }
    throw error;
  } finally {
    interrupt.release();
  }
  await printSummary();
  if (interrupt.caught !== undefined) return exitStatus.interrupted[interrupt.caught];
  return statusOfRun(summary, summary.counts(read));
}
