import { createHash } from 'node:crypto';
import type { Device } from '../device/device.js';
import type { Diagnostic, OnDiagnostic } from '../device/diagnostic.js';
import { deviceError } from '../device/errors.js';
import { validateDevices } from '../device/read-devices.js';
import type { CredentialsFile } from '../device/source/credentials-file.js';
import type { Fleet, Shard, Share } from '../journal/record.js';
import { IdDigest } from '../result/id-digest.js';

/** The part of a fleet that one run sends. */
export interface Part {
  readonly share: Share;
  /** Whether a device of the fleet belongs to it. */
  includes(device: Pick<Device, 'deviceId'>): boolean;
}

/** A validated credentials file, and the devices in it that one run sends. */
export interface FleetCensus {
  readonly file: CredentialsFile;
  readonly fleet: Fleet;
  readonly part: Part;
  readonly shard?: Shard | undefined;
}

/** How many errors CREDENTIALS_INVALID carries. */
const MOST_DIAGNOSTICS = 1000;

/**
 * Reads a whole credentials file before anything is sent: it must have no error, and its devices are counted.
 *
 * @param options.onDiagnostic receives every diagnostic
 * @throws {BiotzPostmanError} CREDENTIALS_CHANGED; CREDENTIALS_INVALID with up to 1,000 errors
 */
export async function takeCensus(
  file: CredentialsFile,
  {
    onDiagnostic,
    shard,
  }: { readonly onDiagnostic?: OnDiagnostic | undefined; readonly shard?: Shard | undefined } = {},
): Promise<FleetCensus> {
  const diagnostics: Diagnostic[] = [];
  const census = new Census(shard);
  const counts = await validateDevices(file, {
    onDiagnostic: (diagnostic) => {
      if (diagnostic.severity === 'error' && diagnostics.length < MOST_DIAGNOSTICS)
        diagnostics.push(diagnostic);
      onDiagnostic?.(diagnostic);
    },
    onIds: (ids) => census.add(ids),
  });
  if (counts.errors > 0) throw deviceError('CREDENTIALS_INVALID', { diagnostics });
  return { file, shard, ...census.finish(counts) };
}

/**
 * Counts a fleet while its file is validated. The result identifies the fleet in a journal, and selects the devices of a
 * shard.
 *
 * Shard k of n takes the k-th n-th of the devices, sorted by the SHA-256 of their ids. So shards are disjoint, differ in
 * size by one at most, do not depend on the order of rows, and hardly change if a few devices are added or removed.
 */
export class Census {
  readonly #shard: Shard | undefined;
  readonly #order = createHash('sha256');
  readonly #digest = new IdDigest();
  /** Empty without a shard, because each device takes 32 bytes. */
  readonly #hashes = new HashList();
  #devices = 0;

  constructor(shard?: Shard) {
    this.#shard = shard;
  }

  add({ deviceId, username }: Pick<Device, 'deviceId' | 'username'>): void {
    this.#devices++;
    // The lengths make the text unambiguous.
    this.#order.update(`${deviceId.length} ${deviceId} ${username.length} ${username}\n`);
    const hash = createHash('sha256').update(deviceId).digest();
    this.#digest.addHash(hash);
    if (this.#shard !== undefined) this.#hashes.push(hash);
  }

  /** Must be called only once, after the last device. */
  finish({ read, skipped }: { readonly read: number; readonly skipped: number }): {
    readonly fleet: Fleet;
    readonly part: Part;
  } {
    const order = this.#order.digest('hex');
    const fleet: Fleet = { read, skipped, devices: this.#devices, order, digest: this.#digest.hex() };
    return { fleet, part: this.#shard === undefined ? whole(fleet) : this.#partOf(this.#shard) };
  }

  #partOf({ index, count }: Shard): Part {
    const ranks = this.#hashes.ranks();
    // The first rank of a shard. The shard after the last one begins beyond every rank.
    const startOf = (shard: number) => ranks[Math.floor(((shard - 1) * ranks.length) / count)] ?? 2n ** 64n;
    const [from, to] = [startOf(index), startOf(index + 1)];
    const isIn = (hash: Buffer) => rankOf(hash) >= from && rankOf(hash) < to;
    const digest = new IdDigest();
    let devices = 0;
    for (const hash of this.#hashes) {
      if (!isIn(hash)) continue;
      devices++;
      digest.addHash(hash);
    }
    return {
      share: { devices, digest: digest.hex() },
      includes: ({ deviceId }) => isIn(createHash('sha256').update(deviceId).digest()),
    };
  }
}

function whole({ devices, digest }: Fleet): Part {
  return { share: { devices, digest }, includes: () => true };
}

/** Bytes of a SHA-256. */
const SIZE = 32;

/** Hashes in one buffer, which takes a tenth of the memory of as many objects. */
class HashList {
  #bytes = Buffer.alloc(SIZE * 1024);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(hash: Buffer): void {
    const at = this.#length * SIZE;
    if (at === this.#bytes.length) this.#bytes = Buffer.concat([this.#bytes, Buffer.alloc(at)]);
    hash.copy(this.#bytes, at);
    this.#length++;
  }

  *[Symbol.iterator](): Generator<Buffer> {
    for (let at = 0; at < this.#length * SIZE; at += SIZE) yield this.#bytes.subarray(at, at + SIZE);
  }

  /** The ranks of all hashes, ascending. */
  ranks(): BigUint64Array {
    return BigUint64Array.from(this, rankOf).toSorted();
  }
}

/** The first eight bytes of a hash. Two different hashes share them once in 2^64 pairs. */
function rankOf(hash: Buffer): bigint {
  return hash.readBigUInt64BE(0);
}
