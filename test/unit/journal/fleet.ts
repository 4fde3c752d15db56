import { createHash } from 'node:crypto';
import { IdDigest } from '../../../src/result/id-digest.js';
import type { DeviceRecord, RunRecord } from '../../../src/journal/record.js';
import type { ReasonCode } from '../../../src/platform/reason.js';
import type { FailedDevice, PassedDevice } from '../../../src/result/device-result.js';

export const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** The id of a made-up fleet's device. */
const idOf = (index: number) => `device-${index}`;

export function digestOf(indexes: Iterable<number>): string {
  const digest = new IdDigest();
  for (const index of indexes) digest.add(idOf(index));
  return digest.hex();
}

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);

/** A run of a made-up fleet, whose file has two rows that are skipped. */
export function runOf(devices: number, differing: Partial<RunRecord> = {}): RunRecord {
  const digest = digestOf(upTo(devices));
  return {
    type: 'run',
    version: 1,
    command: 'run',
    startedAt: '2026-01-31T12:00:00.000Z',
    file: 'devices.csv',
    fleet: { read: devices + 2, skipped: 2, devices, order: sha256(`order ${devices}`), digest },
    share: { devices, digest },
    collection: sha256('collection'),
    options: sha256('options'),
    ...differing,
  };
}

/** The run of one shard, which has every `count`th device of the fleet. */
export function shardOf(devices: number, index: number, count: number): RunRecord {
  const indexes = indexesOf(devices, index, count);
  const share = { devices: indexes.length, digest: digestOf(indexes) };
  return runOf(devices, { shard: { index, count }, share });
}

export const indexesOf = (devices: number, index: number, count: number) =>
  upTo(devices).filter((at) => at % count === index - 1);

const common = (index: number) => ({
  type: 'device' as const,
  index,
  deviceId: idOf(index),
  name: `pump ${index}`,
  username: `${idOf(index)}@devices.data-ingestion.biotz.io`,
  line: index + 2,
  attempts: 1,
  retried: [],
  durationMs: 12.5,
  requests: [{ name: 'Get token', status: 200, durationMs: 12 }],
});

export function passed(index: number, differing: Partial<PassedDevice> = {}): DeviceRecord {
  return { ...common(index), status: 'passed', flaky: false, ...differing };
}

/** Passed after a first attempt that failed. */
export const flaky = (index: number, reason: ReasonCode = 'timeout') =>
  passed(index, { flaky: true, attempts: 2, retried: [reason] });

export function failed(index: number, differing: Partial<FailedDevice> = {}): DeviceRecord {
  return {
    ...common(index),
    requests: [{ name: 'Get token', status: 401, durationMs: 12 }],
    status: 'failed',
    reason: 'invalid-user-credentials',
    request: 'Get token',
    ...differing,
  };
}

/** Reads a stream to its end. */
export async function all<T>(stream: AsyncIterable<T>): Promise<readonly T[]> {
  const items: T[] = [];
  for await (const item of stream) items.push(item);
  return items;
}
