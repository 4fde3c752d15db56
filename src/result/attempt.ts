import type { Device } from '../device/device.js';
import type { ReasonCode } from '../platform/reason.js';
import type { DeviceResult, RequestResult } from './device-result.js';

/** One attempt of an engine (Newman, or plain HTTP) to send a device. Holds no secret. */
export interface Attempt {
  /** Time from the first request to the last answer, in milliseconds. */
  readonly durationMs: number;
  readonly requests: readonly RequestResult[];
  /** Absent: every request was answered and every assertion held. */
  readonly failure?: AttemptFailure;
  /** Reasons for which the engine itself already repeated the device before this attempt, oldest first. */
  readonly earlier?: readonly ReasonCode[];
}

export interface AttemptFailure {
  readonly reason: ReasonCode;
  /** The request that failed first; absent when none was sent. */
  readonly request?: string;
  /** What the server or the assertion said. The engine has redacted it, because only the engine knows the tokens. */
  readonly detail?: string;
  /** Whether a request that is not a login may have arrived without an answer; absent if its lane only logs in. */
  readonly messageUnanswered?: boolean;
  /** Shortest wait before the device may be sent again, in milliseconds. Absent: it must not be sent again. */
  readonly repeatAfterMs?: number;
  /** Pause that the server asked for (Retry-After, RFC 9110, 10.2.3), in milliseconds. */
  readonly retryAfterMs?: number;
}

/**
 * The result of a device.
 *
 * @param last its last attempt
 * @param reasons why attempts failed, oldest first
 */
export function deviceResult(device: Device, last: Attempt, reasons: readonly ReasonCode[]): DeviceResult {
  const { deviceId, name, username, line } = device;
  const { durationMs, requests, failure } = last;
  // Spelled out, because spreading a common part into each of a million results is slow.
  if (failure === undefined) {
    const attempts = reasons.length + 1;
    const flaky = attempts > 1;
    const status = 'passed';
    return {
      status,
      deviceId,
      name,
      username,
      line,
      attempts,
      flaky,
      retried: reasons,
      durationMs,
      requests,
    };
  }
  const { reason, request, detail, messageUnanswered } = failure;
  return {
    status: 'failed',
    deviceId,
    name,
    username,
    line,
    attempts: reasons.length,
    retried: reasons.slice(0, -1),
    durationMs,
    requests,
    reason,
    ...(request !== undefined && { request }),
    ...(detail !== undefined && { detail }),
    ...(messageUnanswered !== undefined && { messageUnanswered }),
  };
}
