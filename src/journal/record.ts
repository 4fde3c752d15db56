import type { DeviceResult } from '../result/device-result.js';

/**
 * A line of a run's journal: NDJSON, appended as things happen. Reports are made from the journal, `--resume` resumes
 * from it, and `report merge` merges those of several shards. It holds no secret.
 *
 * docs/journal.md describes it; a change of meaning raises {@link JOURNAL_VERSION}.
 */
export type JournalRecord =
  RunRecord | StartedRecord | DeviceRecord | AgainRecord | ResumedRecord | EndRecord;

export const JOURNAL_VERSION = 1;

/** The first line: what the run must do. A journal can only be resumed by the same run, and merged with its other shards. */
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
  /** The devices that this run covers: the whole fleet, or one shard. */
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
  /** The digest of {@link Fleet}, over this share only. */
  readonly digest: string;
}

/** A device is about to be sent. Written only if it publishes a message, so that it must not be sent twice. */
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
 * A device that failed is sent again (`--resume failed`). If the run ends before it has a new result, the old one is
 * restored.
 */
interface AgainRecord {
  readonly type: 'again';
  readonly failed: DeviceRecord;
}

/** A run was resumed from this journal. */
export interface ResumedRecord {
  readonly type: 'resumed';
  readonly startedAt: string;
}

/** The run ended in an orderly way. A run that was resumed has several of these. */
export interface EndRecord {
  readonly type: 'end';
  readonly endedAt: string;
  /** Time since the run was started or resumed, in milliseconds. */
  readonly durationMs: number;
  readonly end: RunEnd;
}

/**
 * Why a run ended:
 * - `completed`: every device has a result
 * - `interrupted`: a signal or an abort
 * - `bail`: the first failure, with `--bail`
 * - `max-failures`: as many failures as `--max-failures` allows
 * - `refused-alike`: the first devices were all refused for the same reason
 * - `server-gone`: no server answered any more
 * - `engine-failed`: Newman could not be run
 */
export type RunEnd =
  'completed' | 'interrupted' | 'bail' | 'max-failures' | 'refused-alike' | 'server-gone' | 'engine-failed';
