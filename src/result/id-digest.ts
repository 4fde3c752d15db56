import { createHash } from 'node:crypto';

const MODULUS = 2n ** 256n;

/**
 * A digest of a set of device ids that does not depend on their order: the sum of their SHA-256, modulo
 * 2^256. One id more, less or twice changes it; unlike with an exclusive or, a repeated pair does
 * not cancel out. Two runs that attempted the same devices have the same digest.
 *
 * @see Clarke et al., Incremental Multiset Hash Functions and Their Application to Memory Integrity Checking
 *   (ASIACRYPT 2003), MSet-Add-Hash
 */
export class IdDigest {
  #sum = 0n;

  add(deviceId: string): void {
    this.addHash(createHash('sha256').update(deviceId).digest());
  }

  /** Adds an id by its SHA-256. */
  addHash(hash: Buffer): void {
    this.addAll(hash.toString('hex'));
  }

  /** Adds all ids of another digest. */
  addAll(hex: string): void {
    this.#sum = (this.#sum + BigInt(`0x${hex}`)) % MODULUS;
  }

  /** 64 digits. */
  hex(): string {
    return this.#sum.toString(16).padStart(64, '0');
  }
}
