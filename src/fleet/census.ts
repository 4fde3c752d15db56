import { createHash } from 'node:crypto';
import type { Device } from '../device/device.js';
import type { Fleet, Shard, Share } from '../journal/record.js';
import { IdDigest } from '../result/id-digest.js';
import { HashList, rankOf } from './hash-list.js';

/** The part of a fleet that one run sends. */
export interface Part {
  readonly share: Share;
  /** Whether a device of the fleet belongs to it. */
  includes(device: Pick<Device, 'deviceId'>): boolean;
}

/**
 * Counts a fleet while its file is validated: what it is known by in a journal, and which devices belong to a
 * shard.
 *
 * Devices are shared out by the rank of their id's SHA-256: shard k of n takes the k-th n-th of the sorted
 * hashes. So shards are disjoint, differ in size by one at most, stay the same when the file's rows change
 * places, and hardly change when a few devices come or go.
 */
export class Census {
  readonly #shard: Shard | undefined;
  readonly #order = createHash('sha256');
  readonly #digest = new IdDigest();
  /** Only where there is a shard to be found: 32 bytes a device. */
  readonly #hashes = new HashList();
  #devices = 0;

  constructor(shard?: Shard) {
    this.#shard = shard;
  }

  add({ deviceId, username }: Pick<Device, 'deviceId' | 'username'>): void {
    this.#devices++;
    // With lengths, so that no two lists of values give the same text.
    this.#order.update(`${deviceId.length} ${deviceId} ${username.length} ${username}\n`);
    const hash = createHash('sha256').update(deviceId).digest();
    this.#digest.addHash(hash);
    if (this.#shard !== undefined) this.#hashes.push(hash);
  }

  /** To be called once, at the end. */
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
    // The first rank of a shard; the one after the last shard is beyond all.
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
