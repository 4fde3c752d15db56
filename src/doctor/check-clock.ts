import type { Connections } from '../http/connections.js';
import { CLOCK_LEEWAY_S } from '../platform/token-answer.js';
import type { ClockSource } from './finding-prose.js';
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

/** How far another clock is ahead of this machine's. */
export interface ClockReading {
  /** Negative: it is behind. Good to half of the round trip, and half a second, which is all that both sources tell. */
  readonly aheadMs: number;
  readonly source: ClockSource;
  /** Of the request whose answer told, in milliseconds. */
  readonly tookMs: number;
}

/**
 * Reads off a time that was told in whole seconds some time between these two moments.
 *
 * @param toldMs in milliseconds since 1970, as the others are
 */
export function readingOf(
  source: ClockSource,
  toldMs: number,
  sentAt: number,
  receivedAt: number,
): ClockReading {
  const aheadMs = toldMs + 500 - (sentAt + receivedAt) / 2;
  return { aheadMs, source, tookMs: receivedAt - sentAt };
}

/** Looks for the Date header (RFC 9110, 6.6.1) in every answer that goes by. */
export class ClockWatch {
  readonly #now: () => number;
  #best: ClockReading | undefined;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** The most exact one; `undefined` where no answer had a Date. */
  get reading(): ClockReading | undefined {
    return this.#best;
  }

  /** The same connections, watched. */
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
    // An HTTP date has letters in it; Date.parse would also take "-5" for one.
    const told = date !== undefined && /[a-z]/i.test(date) ? Date.parse(date) : Number.NaN;
    if (Number.isNaN(told)) return;
    const reading = readingOf('date', told, sentAt, receivedAt);
    if (this.#best === undefined || reading.tookMs < this.#best.tookMs) this.#best = reading;
  }
}
