import type { DeviceResult } from '../result/device-result.js';

/**
 * What a run's journal holds: NDJSON, one record a line, appended as things happen. Reports are made from it,
 * `--resume` goes on from it, and `report merge` unites those of several shards. It holds no secret.
 *
 * docs/journal.md describes it; a change of meaning raises {@link JOURNAL_VERSION}.
 */
export type JournalRecord =
  RunRecord | StartedRecord | DeviceRecord | AgainRecord | ResumedRecord | EndRecord;

export const JOURNAL_VERSION = 1;

/** The first line: what was to be done. A journal can only be resumed or merged with one that says the same. */
export interface RunRecord {
  readonly type: 'run';
  readonly version: typeof JOURNAL_VERSION;
  /** The lane: the collection in Newman, or plain token requests. */
  readonly command: 'run' | 'token';
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  /** The credentials file's name as the user gave it. */
  readonly file: string;
  readonly fleet: Fleet;
  readonly shard?: Shard;
  /** What this run has to attempt: the whole fleet, or its shard of it. */
  readonly share: Share;
  /** SHA-256, in hex, of the collection that is run. */
  readonly collection: string;
  /** SHA-256, in hex, of the options that decide what is sent and where. */
  readonly options: string;
}

/** The devices of a whole credentials file, so that two files can be told apart. */
export interface Fleet {
  /** Rows below the header. */
  readonly read: number;
  /** Rows whose device was not created on the platform. */
  readonly skipped: number;
  /** `read - skipped`. */
  readonly devices: number;
  /** SHA-256, in hex, over the devices' ids and usernames in the file's order. */
  readonly order: string;
  /** The order-independent digest of the device ids (result/id-digest.ts), in hex. */
  readonly digest: string;
}

export interface Shard {
  /** From 1. */
  readonly index: number;
  readonly count: number;
}

export interface Share {
  readonly devices: number;
  /** As in {@link Fleet}, of this share only. */
  readonly digest: string;
}

/** A device is about to be sent. Written only where sending it twice does harm: where a message is published. */
export interface StartedRecord {
  readonly type: 'started';
  readonly index: number;
}

/** A device is finished. There is at most one of these for a device. */
export type DeviceRecord = DeviceResult & {
  readonly type: 'device';
  /** The device's place among the created devices of the whole file, from 0. */
  readonly index: number;
};

/**
 * A device that had failed is to be tried again (`--resume failed`). Its old result is its result again where the
 * run ends before it has a new one.
 */
interface AgainRecord {
  readonly type: 'again';
  readonly failed: DeviceRecord;
}

/** The run went on from this journal. */
export interface ResumedRecord {
  readonly type: 'resumed';
  readonly startedAt: string;
}

/** The run, or one stretch of it, ended in an orderly way. */
export interface EndRecord {
  readonly type: 'end';
  readonly endedAt: string;
  /** Of this stretch, in milliseconds. */
  readonly durationMs: number;
  readonly end: RunEnd;
}

/**
 * Why a run came to its end:
 * - `completed`: every device has a result
 * - `interrupted`: a signal or an abort
 * - `bail`: the first failure, with `--bail`
 * - `max-failures`: as many failures as `--max-failures` allows
 * - `refused-alike`: the first devices were all refused for the same reason
 * - `server-gone`: no answer any more, from any server
 * - `engine-failed`: Newman could not be run
 */
export type RunEnd =
  'completed' | 'interrupted' | 'bail' | 'max-failures' | 'refused-alike' | 'server-gone' | 'engine-failed';
