import type { Device } from '../device/device.js';
import type { DeviceResult, RequestResult } from '../result/device-result.js';
import type { ReasonCode } from '../platform/reason.js';

/** What comes back for a row. */
export interface RowOutcome {
  readonly durationMs: number;
  readonly requests: readonly RequestResult[];
  readonly failure?: RowFailure;
}

export interface RowFailure {
  readonly reason: ReasonCode;
  readonly request?: string;
  /** Redacted already: only the worker knows this row's tokens. */
  readonly detail?: string;
}

/** Joins a device with what happened to its row. */
export function toDeviceResult(device: Device, outcome: RowOutcome): DeviceResult {
  const { failure, durationMs, requests } = outcome;
  const common = {
    deviceId: device.deviceId,
    name: device.name,
    username: device.username,
    line: device.line,
    attempts: 1,
    retried: [],
    durationMs,
    requests,
  };
  return failure === undefined
    ? { ...common, status: 'passed', flaky: false }
    : { ...common, status: 'failed', ...failure };
}
