import type { Device } from '../device/device.js';
import type { ReasonCode } from '../platform/reason.js';
import type { Attempt } from '../result/attempt.js';
import type { DeviceResult } from '../result/device-result.js';

/**
 * What became of a device, by its last attempt.
 *
 * @param reasons of every attempt that failed, oldest first
 */
export function resultOf(device: Device, last: Attempt, reasons: readonly ReasonCode[]): DeviceResult {
  const { deviceId, name, username, line } = device;
  const { durationMs, requests, failure } = last;
  // Written out: to spread a common part into each of a million results takes its time.
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
