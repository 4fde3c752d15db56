import type { Connections } from '../http/connections.js';
import { CLOCK_LEEWAY_S } from '../platform/answers.js';
import type { ClockSource } from './finding-prose.js';
import { type Finding, finding } from './finding.js';

/** A larger difference is not explained by the sources' precision or by a slow answer. In seconds. */
const NOTICEABLE_S = 5;

/**
 * Compares this machine's clock with the server's. The receiver of a token checks its times by his own clock.
 *
 * @param reading of the server's clock; `undefined` if no answer showed it
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

/** A comparison of the server's clock with this machine's. */
export interface ClockReading {
  /** Negative if the server is behind. Exact to half of the round trip plus half a second: both sources give seconds. */
  readonly aheadMs: number;
  readonly source: ClockSource;
  /** Duration of the request, in milliseconds. */
  readonly tookMs: number;
}

/**
 * Compares clocks by a time in whole seconds that the server wrote between these two moments.
 *
 * @param serverMs in milliseconds since 1970, like the others
 */
export function readingOf(
  source: ClockSource,
  serverMs: number,
  sentAt: number,
  receivedAt: number,
): ClockReading {
  const aheadMs = serverMs + 500 - (sentAt + receivedAt) / 2;
  return { aheadMs, source, tookMs: receivedAt - sentAt };
}

/** Reads the Date header (RFC 9110, 6.6.1) of every answer. */
export class ClockWatch {
  readonly #now: () => number;
  #best: ClockReading | undefined;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** The most exact reading; `undefined` if no answer had a Date. */
  get reading(): ClockReading | undefined {
    return this.#best;
  }

  /** Wraps connections to watch their answers. */
  watch(connections: Connections): Connections {
    return {
      close: () => connections.close(),
      send: async (request) => {
        const sentAt = this.#now();
        const reply = await connections.send(request);
        if (reply.status !== undefined) this.#see(reply.date, sentAt, this.#now());
        return reply;
      },
    };
  }

  #see(date: string | undefined, sentAt: number, receivedAt: number): void {
    // An HTTP date contains letters; Date.parse would also accept "-5".
    const serverMs = date !== undefined && /[a-z]/i.test(date) ? Date.parse(date) : Number.NaN;
    if (Number.isNaN(serverMs)) return;
    const reading = readingOf('date', serverMs, sentAt, receivedAt);
    if (this.#best === undefined || reading.tookMs < this.#best.tookMs) this.#best = reading;
  }
}
