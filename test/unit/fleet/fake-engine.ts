import type { Device } from '../../../src/device/device.js';
import type { Engine } from '../../../src/fleet/engine.js';
import type { SendOptions } from '../../../src/fleet/send-devices.js';
import { sendDevices } from '../../../src/fleet/send-devices.js';
import { fixedLimit } from '../../../src/fleet/concurrency-limit.js';
import type { RunEnd } from '../../../src/journal/record.js';
import type { Attempt, AttemptFailure } from '../../../src/result/attempt.js';
import type { DeviceResult } from '../../../src/result/device-result.js';
import { Secret } from '../../../src/secret/secret.js';

export const fleetOf = (count: number): Device[] =>
  Array.from({ length: count }, (_, index) => ({
    deviceId: `id-${index}`,
    name: `device ${index}`,
    username: `id-${index}@x`,
    password: new Secret('canary'),
    line: index + 2,
    otherColumns: {},
  }));

const answered = (status: number) => [{ name: 'Get token', status, durationMs: 1 }];
export const passes: Attempt = { durationMs: 1, requests: answered(200) };
export const refuses = (failure: AttemptFailure, status = 401): Attempt => ({
  durationMs: 1,
  requests: answered(status),
  failure: { request: 'Get token', ...failure },
});
export const noAnswer = (failure: AttemptFailure): Attempt => ({
  durationMs: 1,
  requests: [{ name: 'Get token', durationMs: 1 }],
  failure: { request: 'Get token', ...failure },
});

/** An engine that answers as it is told, a turn of the event loop later, and keeps count. */
export class FakeEngine implements Engine {
  readonly attempts = new Map<string, number>();
  readonly order: string[] = [];
  broken: string | undefined;
  inFlight = 0;
  mostInFlight = 0;
  readonly #answer: (device: Device, attempt: number) => Attempt;

  constructor(answer: (device: Device, attempt: number) => Attempt) {
    this.#answer = answer;
  }

  async attempt(device: Device): Promise<Attempt> {
    const attempt = (this.attempts.get(device.deviceId) ?? 0) + 1;
    this.attempts.set(device.deviceId, attempt);
    this.order.push(device.deviceId);
    this.mostInFlight = Math.max(this.mostInFlight, ++this.inFlight);
    await new Promise(setImmediate);
    this.inFlight--;
    return this.#answer(device, attempt);
  }

  async close(): Promise<void> {}
}

export async function sendAll(
  devices: readonly Device[],
  engine: Engine,
  options: Partial<SendOptions> = {},
): Promise<{ results: DeviceResult[]; end: RunEnd }> {
  const batches = sendDevices(inTens(devices), engine, { limit: fixedLimit(4), retries: 2, ...options });
  const results: DeviceResult[] = [];
  for (;;) {
    const { done, value } = await batches.next();
    if (done === true) return { results, end: value };
    results.push(...value);
  }
}

async function* inTens(devices: readonly Device[]): AsyncGenerator<readonly Device[]> {
  for (let at = 0; at < devices.length; at += 10) yield devices.slice(at, at + 10);
}
