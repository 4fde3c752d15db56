import type { RequestLatency } from '../result/latency.js';

/** What a request took, on one line. */
export function latencyText({ answered, p50Ms, p90Ms, p95Ms, p99Ms, maxMs }: RequestLatency): string {
  return `${answered} answered, p50 ${p50Ms} ms, p90 ${p90Ms} ms, p95 ${p95Ms} ms, p99 ${p99Ms} ms, max ${maxMs} ms`;
}
