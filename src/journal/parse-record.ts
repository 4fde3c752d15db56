import { describeProblem } from '../files/file-problem.js';
import { isObject, parseJson } from '../text/json.js';
import { reasonProse } from '../platform/reason.js';
import type { JournalRecord, RunEnd } from './record.js';
import { JOURNAL_VERSION } from './record.js';

// A journal stays on disks and returns as a CI artifact, so its types must be checked before they are used. Unknown keys
// are kept and never read.

/** A `DeviceSet` of this many devices takes 125 MB. */
const MOST_DEVICES = 1_000_000_000;

const MOST_SHARDS = 100_000;

type Check = (value: unknown) => boolean;
type Shape = Readonly<Record<string, Check>>;

const text: Check = (value) => typeof value === 'string';
const flag: Check = (value) => typeof value === 'boolean';
const duration: Check = (value) => typeof value === 'number' && value >= 0;
const digest: Check = (value) => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
const moment: Check = (value) => typeof value === 'string' && !Number.isNaN(Date.parse(value));
const reason: Check = (value) => typeof value === 'string' && Object.hasOwn(reasonProse, value);
const whole =
  (min: number, max = Number.MAX_SAFE_INTEGER): Check =>
  (value) =>
    Number.isInteger(value) && (value as number) >= min && (value as number) <= max;
const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);
const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);
const oneOf =
  (values: readonly string[]): Check =>
  (value) =>
    typeof value === 'string' && values.includes(value);
const object =
  (shape: Shape): Check =>
  (value) =>
    isObject(value) && wrongKey(value, shape) === undefined;

const ends = {
  completed: true,
  interrupted: true,
  bail: true,
  'max-failures': true,
  'refused-alike': true,
  'server-gone': true,
  'engine-failed': true,
} satisfies Readonly<Record<RunEnd, true>>;

const passed: Shape = { flaky: flag };
const failed: Shape = {
  reason,
  request: optional(text),
  detail: optional(text),
  messageUnanswered: optional(flag),
};

const device: Shape = {
  index: whole(0, MOST_DEVICES),
  deviceId: text,
  name: text,
  username: text,
  line: whole(1),
  attempts: whole(1),
  retried: listOf(reason),
  durationMs: duration,
  requests: listOf(object({ name: text, status: optional(whole(0)), durationMs: duration })),
  status: oneOf(['passed', 'failed']),
};

function isFailedDevice(value: unknown): boolean {
  return (
    isObject(value) && value['status'] === 'failed' && wrongKey(value, { ...device, ...failed }) === undefined
  );
}

const shapes: { readonly [T in JournalRecord['type']]: Shape } = {
  run: {
    command: oneOf(['run', 'token']),
    startedAt: moment,
    file: text,
    fleet: object({
      read: whole(0),
      skipped: whole(0),
      devices: whole(0, MOST_DEVICES),
      order: digest,
      digest,
    }),
    shard: optional(object({ index: whole(1), count: whole(1, MOST_SHARDS) })),
    share: object({ devices: whole(0, MOST_DEVICES), digest }),
    collection: digest,
    options: digest,
  },
  started: { index: whole(0, MOST_DEVICES) },
  device,
  again: { failed: isFailedDevice },
  resumed: { startedAt: moment },
  end: { endedAt: moment, durationMs: duration, end: oneOf(Object.keys(ends)) },
};

/**
 * Reads one line of a journal.
 *
 * @returns the record, or a clause about the problem of the line
 */
export function parseRecord(line: string): JournalRecord | string {
  const parsed = parseJson(line);
  if ('problem' in parsed) return `it ${describeProblem(parsed.problem)}`;
  const { value } = parsed;
  if (!isObject(value)) return 'it is not a JSON object';
  const { type } = value;
  if (typeof type !== 'string' || !Object.hasOwn(shapes, type)) return 'it has no known "type"';
  // Must be checked first: keys may have another meaning in another version.
  if (type === 'run' && value['version'] !== JOURNAL_VERSION) {
    return `its version is not ${JOURNAL_VERSION}, the one that this biotz-postman reads`;
  }
  const key = wrongKey(value, shapes[type as JournalRecord['type']]) ?? wrongOutcome(type, value);
  if (key !== undefined) return `it has no usable "${key}"`;
  return value as unknown as JournalRecord;
}

/** Checks the keys that depend on whether a device passed. */
function wrongOutcome(type: string, value: Readonly<Record<string, unknown>>): string | undefined {
  if (type !== 'device') return undefined;
  if ((value['retried'] as readonly string[]).length !== (value['attempts'] as number) - 1) return 'retried';
  return wrongKey(value, value['status'] === 'passed' ? passed : failed);
}

function wrongKey(value: Readonly<Record<string, unknown>>, shape: Shape): string | undefined {
  return Object.keys(shape).find((key) => shape[key]?.(own(value, key)) !== true);
}

/** Inherited properties are not in the file. */
const own = (value: Readonly<Record<string, unknown>>, key: string) =>
  Object.hasOwn(value, key) ? value[key] : undefined;
