import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';
import type { RequestResult } from './device-result.js';

/**
 * The most request names with latencies of their own. The generated collection has two. A collection whose script gives
 * each request another name must not make a summary grow with the fleet.
 */
const MOST_NAMES = 20;

/** The longest deadline of a request: one day, in microseconds. */
const HIGHEST_US = 86_400_000_000;

/** Latency of one request of the collection over all devices, in milliseconds. */
export interface RequestLatency {
  /** Its name in the collection. */
  readonly request: string;
  /** Number of answers. Requests without an answer are left out. */
  readonly answered: number;
  readonly p50Ms: number;
  readonly p90Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

interface Track {
  readonly histogram: RecordableHistogram;
  maxMs: number;
}

/**
 * Percentiles of the latency of answered requests, exact to three digits.
 *
 * The histogram is Node's own (HdrHistogram): about 260 kB a name, however many values.
 */
export class Latencies {
  readonly #tracks = new Map<string, Track>();
  #leftOut = 0;

  add(requests: readonly RequestResult[]): void {
    for (const { name, status, durationMs } of requests) {
      if (status === undefined) continue;
      const track = this.#track(name);
      if (track === undefined) {
        this.#leftOut++;
        continue;
      }
      // The histogram accepts only whole numbers from 1.
      track.histogram.record(Math.min(HIGHEST_US, Math.max(1, Math.round(durationMs * 1000))));
      track.maxMs = Math.max(track.maxMs, durationMs);
    }
  }

  /** In the order in which the requests were first seen. */
  list(): readonly RequestLatency[] {
    return [...this.#tracks].map(([request, { histogram, maxMs }]) => {
      // The histogram knows only the range of a value, and the top of the last range may exceed the maximum.
      const percentile = (percent: number) => rounded(Math.min(maxMs, histogram.percentile(percent) / 1000));
      return {
        request,
        answered: histogram.count,
        p50Ms: percentile(50),
        p90Ms: percentile(90),
        p95Ms: percentile(95),
        p99Ms: percentile(99),
        maxMs: rounded(maxMs),
      };
    });
  }

  /** Number of answers to requests beyond the first names. */
  get leftOut(): number {
    return this.#leftOut;
  }

  #track(name: string): Track | undefined {
    const present = this.#tracks.get(name);
    if (present !== undefined || this.#tracks.size === MOST_NAMES) return present;
    const track = { histogram: createHistogram({ highest: HIGHEST_US, figures: 3 }), maxMs: 0 };
    this.#tracks.set(name, track);
    return track;
  }
}

/** The latency of one request, on one line. */
export function formatLatency({ answered, p50Ms, p90Ms, p95Ms, p99Ms, maxMs }: RequestLatency): string {
  return `${answered} answered, p50 ${p50Ms} ms, p90 ${p90Ms} ms, p95 ${p95Ms} ms, p99 ${p99Ms} ms, max ${maxMs} ms`;
}

/** Rounds to the digits that the histogram knows: tenths below 100 ms, whole milliseconds above. */
const rounded = (ms: number) => (ms < 100 ? Math.round(ms * 10) / 10 : Math.round(ms));
