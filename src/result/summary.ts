import { IdDigest } from './id-digest.js';
import { noAnswer } from '../platform/repeat.js';
import type { ReasonCode } from '../platform/reason.js';
import type { DeviceResult, FailedDevice } from './device-result.js';
import { Latencies, type RequestLatency } from './latency.js';

/** How many failed devices a summary lists for each reason. */
const EXAMPLES_PER_REASON = 10;

/** Reasons that say that no server was reached. */
const noServer: ReadonlySet<ReasonCode> = new Set<ReasonCode>([
  'connection-refused',
  'host-not-found',
  'proxy-failed',
]);

/** More failures in a row than a server causes while it restarts. */
const GONE_IN_A_ROW = 5;

/** Reasons for which nothing was sent, because an address cannot be used. */
const notSent: ReadonlySet<ReasonCode> = new Set<ReasonCode>(['url-invalid', 'url-insecure']);

/** The rows that a run covers: those of a credentials file, or of one shard of it. */
export interface Rows {
  readonly read: number;
  /** Not created on the platform. Only the first of several shards counts them. */
  readonly skipped: number;
}

/** The rows by result of their device: `read = skipped + attempted + notAttempted`. */
export interface RunCounts {
  readonly read: number;
  /** Not created on the platform. */
  readonly skipped: number;
  /** `passed + failed`. */
  readonly attempted: number;
  readonly passed: number;
  /** Passed devices that took more than one attempt. */
  readonly flaky: number;
  readonly failed: number;
  /** Not sent, because the run ended early. */
  readonly notAttempted: number;
}

export interface FailureGroup {
  readonly reason: ReasonCode;
  readonly count: number;
  /** The first failed devices. */
  readonly examples: readonly FailedDevice[];
}

/** Why attempts that were retried had failed. */
export interface RetryGroup {
  readonly reason: ReasonCode;
  /** Attempts, not devices. */
  readonly count: number;
}

/** Adds up the results of a run, in memory that does not grow with the fleet. */
export class RunSummary {
  #passed = 0;
  #flaky = 0;
  #failed = 0;
  #answered = false;
  /** How many of the last devices reached no server. */
  #goneInARow = 0;
  readonly #digest = new IdDigest();
  readonly #latencies = new Latencies();
  readonly #retried = new Map<ReasonCode, number>();
  readonly #groups = new Map<ReasonCode, { count: number; examples: FailedDevice[] }>();

  add(result: DeviceResult): void {
    const isGone = result.status === 'failed' && noServer.has(result.reason);
    this.#goneInARow = isGone ? this.#goneInARow + 1 : 0;
    this.#answered ||= result.requests.some(({ status }) => status !== undefined);
    this.#digest.add(result.deviceId);
    this.#latencies.add(result.requests);
    for (const reason of result.retried) this.#retried.set(reason, (this.#retried.get(reason) ?? 0) + 1);
    if (result.status === 'passed') {
      this.#passed++;
      if (result.flaky) this.#flaky++;
      return;
    }
    this.#failed++;
    const group = this.#groups.get(result.reason) ?? { count: 0, examples: [] };
    group.count++;
    if (group.examples.length < EXAMPLES_PER_REASON) group.examples.push(result);
    this.#groups.set(result.reason, group);
  }

  /** @param rows counts of the credentials file */
  counts({ read, skipped }: Rows): RunCounts {
    const attempted = this.#passed + this.#failed;
    return {
      read,
      skipped,
      attempted,
      passed: this.#passed,
      flaky: this.#flaky,
      failed: this.#failed,
      notAttempted: read - skipped - attempted,
    };
  }

  /** Failures by reason, the most frequent first. */
  failures(): readonly FailureGroup[] {
    return [...this.#groups]
      .map(([reason, { count, examples }]) => ({ reason, count, examples }))
      .toSorted(byFrequency);
  }

  /** Reasons of the retried attempts, the most frequent first. */
  retried(): readonly RetryGroup[] {
    return [...this.#retried].map(([reason, count]) => ({ reason, count })).toSorted(byFrequency);
  }

  /** Latencies of the requests of each device's last attempt. */
  latency(): readonly RequestLatency[] {
    return this.#latencies.list();
  }

  /** Number of answers that are not in {@link latency}, because the collection has too many requests. */
  get latencyLeftOut(): number {
    return this.#latencies.leftOut;
  }

  /** The order-independent digest of the attempted devices' ids, in hex. */
  get attemptedDigest(): string {
    return this.#digest.hex();
  }

  /** Whether nothing was sent for any device, because the addresses cannot be used. */
  get nothingSent(): boolean {
    return this.#onlyFor(notSent);
  }

  /** Whether no request was ever answered, for reasons outside the devices. */
  get unreachable(): boolean {
    return this.#onlyFor(noAnswer);
  }

  /** Whether the server was gone at the end: the last devices found no server. */
  get gone(): boolean {
    return this.#goneInARow >= GONE_IN_A_ROW;
  }

  #onlyFor(reasons: ReadonlySet<ReasonCode>): boolean {
    return (
      !this.#answered && this.#failed > 0 && [...this.#groups.keys()].every((reason) => reasons.has(reason))
    );
  }
}

// Names are compared by code units: the order must not follow the system's language.
const byFrequency = (a: RetryGroup, b: RetryGroup) => b.count - a.count || (a.reason < b.reason ? -1 : 1);
