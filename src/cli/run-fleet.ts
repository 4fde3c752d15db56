import type { CredentialsFile } from '../device/credentials-file.js';
import type { ReadCounts } from '../device/row-reader.js';
import { streamDevices } from '../device/stream-devices.js';
import { formatSummary } from '../report/summary-text.js';
import { RunSummary } from '../result/summary.js';
import type { RunOptions } from '../run/plan.js';
import { runDevices } from '../run/run-devices.js';
import { exitStatus } from './exit-status.js';
import { onInterrupt } from './interrupt.js';
import type { Terminal } from './terminal.js';

/**
 * Runs a validated credentials file and prints the summary.
 *
 * @param file read once already; it is read again here, and must still be the same
 * @param read what the validation counted
 */
export async function runFleet(
  file: CredentialsFile,
  read: ReadCounts,
  options: RunOptions,
  terminal: Terminal,
): Promise<number> {
  const interrupt = onInterrupt(
    terminal,
    'The device in flight is finished first; once more to stop at once.',
  );
  const summary = new RunSummary();
  const startedAt = performance.now();
  try {
    for await (const result of runDevices(streamDevices(file), { ...options, signal: interrupt.signal })) {
      summary.add(result);
    }
  } finally {
    interrupt.release();
    const durationMs = performance.now() - startedAt;
    const facts = { counts: summary.counts(read), failures: summary.failures(), file: file.name, durationMs };
    // Also when the run breaks off: what was done is worth knowing.
    if (facts.counts.attempted > 0 || interrupt.caught !== undefined) {
      await terminal.result(formatSummary(facts, terminal.paint));
    }
  }
  if (interrupt.caught !== undefined) return exitStatus.interrupted[interrupt.caught];
  if (summary.unreachable) return exitStatus.notCompleted;
  return summary.failures().length > 0 ? exitStatus.deviceFailed : exitStatus.ok;
}
