import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { Ajv2020, type AnySchemaObject } from 'ajv/dist/2020.js';
import type { JournalRecord } from '../../../src/journal/record.js';
import type { RunReport } from '../../../src/report/json.js';
import { digestOf, failed, flaky, passed, runOf, shardOf } from '../../unit/journal/fleet.js';
import { ended, reportOf } from '../../unit/report/report.js';

const schema = JSON.parse(
  readFileSync(new URL('../../../docs/report.schema.json', import.meta.url), 'utf8'),
) as AnySchemaObject;

/** The schema lets keys be added; here, a key that it does not describe is a mistake. */
function strict(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(strict);
  if (typeof part !== 'object' || part === null) return part;
  const copy = Object.fromEntries(Object.entries(part).map(([key, value]) => [key, strict(value)]));
  return 'properties' in copy && 'required' in copy ? { ...copy, additionalProperties: false } : copy;
}

async function jsonOf(records: readonly JournalRecord[]): Promise<RunReport> {
  const report = JSON.parse(await reportOf('json', records)) as RunReport;
  const ajv = new Ajv2020({ strictTypes: false });
  await ajv.validate(strict(schema) as AnySchemaObject, report);
  expect(ajv.errors).toBeNull();
  return report;
}

const { type: _type, index: _index, ...firstResult } = passed(0);

test('the JSON report says everything about a run, as its schema has it', async () => {
  const detail = 'it says "no"';
  const records = [
    runOf(5),
    passed(0),
    flaky(1),
    failed(2, { detail }),
    failed(3, { reason: 'timeout' }),
    ended,
  ];
  const { devices, ...about } = await jsonOf(records);
  expect(about).toEqual({
    version: 1,
    command: 'run',
    file: 'devices.csv',
    startedAt: '2026-01-31T12:00:00.000Z',
    durationMs: 2000,
    end: 'completed',
    parts: [{ startedAt: '2026-01-31T12:00:00.000Z', durationMs: 2000, end: 'completed', resumed: 0 }],
    counts: { read: 7, skipped: 2, attempted: 4, passed: 2, flaky: 1, failed: 2, notAttempted: 1 },
    digest: { read: digestOf([0, 1, 2, 3, 4]), attempted: digestOf([0, 1, 2, 3]) },
    latency: [{ request: 'Get token', answered: 4, p50Ms: 12, p90Ms: 12, p95Ms: 12, p99Ms: 12, maxMs: 12 }],
    latencyLeftOut: 0,
    retried: [{ reason: 'timeout', count: 1 }],
    failures: [
      {
        reason: 'invalid-user-credentials',
        count: 1,
        meaning: 'the server refused this username and password',
        remedy: expect.any(String),
      },
      { reason: 'timeout', count: 1, meaning: expect.any(String), remedy: expect.any(String) },
    ],
  });
  expect(devices.map(({ status }) => status)).toEqual(['passed', 'passed', 'failed', 'failed']);
  expect(devices[0]).toEqual(firstResult);
  expect(devices[2]).toMatchObject({ reason: 'invalid-user-credentials', request: 'Get token', detail });
});

test('a device has a line of its own, and keeps the exact strings of the file', async () => {
  const name = 'a\n\u202eb\ud800"';
  const text = await reportOf('json', [runOf(2), passed(0, { name }), passed(1), ended]);
  expect(text.split('\n').filter((line) => line.includes('"deviceId"'))).toHaveLength(2);
  expect((JSON.parse(text) as RunReport).devices[0]?.name).toBe(name);
});

test('a run of no device, or of one that was killed, is a report as well', async () => {
  expect(await jsonOf([runOf(2)])).toMatchObject({ end: 'killed', durationMs: 0, devices: [] });
});

test('the parts of a resumed run are added up', async () => {
  const resumed = { type: 'resumed', startedAt: '2026-02-01T00:00:00.000Z' } as const;
  const interrupted = { ...ended, end: 'interrupted', durationMs: 500 } as const;
  const records = [runOf(2), passed(0), interrupted, resumed, passed(1)];
  expect(await jsonOf(records)).toMatchObject({ end: 'killed', durationMs: 500, parts: [{ resumed: 1 }] });
  expect(await jsonOf([...records, ended])).toMatchObject({ end: 'completed', durationMs: 2500 });
});

test('the shards of a file count its rows once all together', async () => {
  const reports = await Promise.all([1, 2, 3].map((index) => jsonOf([shardOf(8, index, 3)])));
  expect(reports.map(({ shard }) => shard)).toEqual([1, 2, 3].map((index) => ({ index, count: 3 })));
  expect(reports.map(({ counts }) => [counts.read, counts.skipped, counts.notAttempted])).toEqual([
    [5, 2, 3],
    [3, 0, 3],
    [2, 0, 2],
  ]);
});

test('what a journal has beyond a result is not in a report', async () => {
  const tampered = { ...passed(0), password: 'canary' };
  for (const name of ['json', 'ndjson', 'junit'] as const) {
    expect(await reportOf(name, [runOf(1), tampered])).not.toContain('canary');
  }
});

test('the NDJSON report has a result a line', async () => {
  const text = await reportOf('ndjson', [runOf(2), passed(0), failed(1), ended]);
  const lines = text.trimEnd().split('\n');
  expect(JSON.parse(lines[0] ?? '')).toEqual(firstResult);
  expect(JSON.parse(lines[1] ?? '')).toMatchObject({ status: 'failed', deviceId: 'device-1' });
  expect(lines).toHaveLength(2);
});
