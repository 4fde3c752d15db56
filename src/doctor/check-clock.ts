import { CLOCK_LEEWAY_S } from '../platform/token-answer.js';
import type { ClockReading } from './clock-watch.js';
import { type Finding, finding } from './finding.js';

/** Beyond what both sources and a slow answer explain. */
const NOTICEABLE_S = 5;

/**
 * Compares this machine's clock with the server's: whoever judges a token goes by his own.
 *
 * @param reading of the server's; `undefined`: it never told
 */
export function checkClock(reading: ClockReading | undefined): Finding {
  if (reading === undefined) return finding('clock', 'unknown', 'clock-unknown', {});
  const { source } = reading;
  const seconds = Math.round(reading.aheadMs / 1000);
  const off = Math.abs(seconds);
  if (off > CLOCK_LEEWAY_S) return finding('clock', 'failure', 'clock-off', { seconds, source });
  if (off > NOTICEABLE_S) return finding('clock', 'warning', 'clock-drifts', { seconds, source });
  return finding('clock', 'pass', 'clock-agrees', { seconds, source });
}
