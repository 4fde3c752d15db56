import type { DeviceRecord, JournalRecord } from '../journal/record.js';
import type { DeviceResult, RequestResult } from '../result/device-result.js';

/** The results among a journal's records, in the order in which the devices were finished. */
export async function* resultsOf(records: AsyncIterable<JournalRecord>): AsyncGenerator<DeviceResult, void> {
  for await (const record of records) if (record.type === 'device') yield resultOf(record);
}

/** Only what a result is documented to have, in this order: whatever else is in a journal's line stays there. */
function resultOf(record: DeviceRecord): DeviceResult {
  const { deviceId, name, username, line, attempts, retried, durationMs, requests } = record;
  const common = {
    deviceId,
    name,
    username,
    line,
    attempts,
    retried,
    durationMs,
    requests: requests.map(requestOf),
  };
  if (record.status === 'passed') return { status: record.status, flaky: record.flaky, ...common };
  const { reason, request, detail } = record;
  return {
    status: record.status,
    reason,
    ...(request !== undefined && { request }),
    ...(detail !== undefined && { detail }),
    ...common,
  };
}

const requestOf = ({ name, status, durationMs }: RequestResult): RequestResult =>
  status === undefined ? { name, durationMs } : { name, status, durationMs };
