import type { ReasonCode } from '../platform/reason.js';
import type { RequestResult } from './device-result.js';

/** What came of sending one device through an engine (Newman, or plain HTTP) once. Holds no secret. */
export interface Attempt {
  /** From the first request to the last answer, in milliseconds. */
  readonly durationMs: number;
  readonly requests: readonly RequestResult[];
  /** Absent: every request was answered and every assertion held. */
  readonly failure?: AttemptFailure;
  /** Why the engine itself had to begin anew before this came about, oldest first; mostly empty. */
  readonly earlier?: readonly ReasonCode[];
}

export interface AttemptFailure {
  readonly reason: ReasonCode;
  /** The request that failed first; absent when none was sent. */
  readonly request?: string;
  /** What the server or the assertion said, redacted already: only the engine knows this device's tokens. */
  readonly detail?: string;
  /** Whether a request that is not a login may have arrived without an answer; absent if its lane only logs in. */
  readonly messageUnanswered?: boolean;
  /** The device may be sent again, but not sooner than this, in milliseconds. Absent: it must not be. */
  readonly repeatAfterMs?: number;
  /** How long the server asked to be left alone (Retry-After, RFC 9110, 10.2.3), in milliseconds. */
  readonly retryAfterMs?: number;
}
