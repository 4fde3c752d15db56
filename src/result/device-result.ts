import type { ReasonCode } from '../platform/reason.js';

/** The result of one request of a device. */
export interface RequestResult {
  /** The request's name in the collection, e.g. `Get token`. */
  readonly name: string;
  /** The HTTP status; absent when no answer arrived. */
  readonly status?: number;
  /** Time from sending the request to the end of its answer, in milliseconds. */
  readonly durationMs: number;
}

interface DeviceOutcome {
  readonly deviceId: string;
  readonly name: string;
  readonly username: string;
  /** The device's row in the credentials file, counted from 1. */
  readonly line: number;
  /** Number of attempts; 1 without retries. */
  readonly attempts: number;
  /** Why the attempts before the last one failed, oldest first: `attempts - 1` reasons. */
  readonly retried: readonly ReasonCode[];
  /** Duration of the last attempt, in milliseconds. */
  readonly durationMs: number;
  /** Requests of the last attempt. */
  readonly requests: readonly RequestResult[];
}

/** Every request was answered and every assertion held. */
export interface PassedDevice extends DeviceOutcome {
  readonly status: 'passed';
  /** Whether it took more than one attempt. */
  readonly flaky: boolean;
}

/** A failed device is a result, not an exception. */
export interface FailedDevice extends DeviceOutcome {
  readonly status: 'failed';
  readonly reason: ReasonCode;
  /** The request that failed first; absent when none was sent. */
  readonly request?: string;
  /** What the server or the assertion said, redacted and made harmless; never needed to understand the reason. */
  readonly detail?: string;
  /** Whether a request that is not a login may have arrived without an answer; absent if its lane only logs in. */
  readonly messageUnanswered?: boolean;
}

/** The result of one device, through Newman or plain HTTP. Holds no secret. */
export type DeviceResult = PassedDevice | FailedDevice;
