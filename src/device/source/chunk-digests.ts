import { hash } from 'node:crypto';

/** Half of SHA-256: nobody finds another chunk with the same one. */
const DIGEST_BYTES = 16;

/** Remembers what the chunks of a file were when they were first read, in 16 bytes each: 4 MB for a file of 16 GB. */
export class ChunkDigests {
  #digests = Buffer.alloc(0);
  #known = 0;

  /**
   * Whether a chunk is what it was in the pass before, or has not been read before.
   *
   * @param index of the chunk; each pass begins at 0 and leaves none out
   */
  agree(index: number, chunk: Buffer): boolean {
    const digest = hash('sha256', chunk, 'buffer').subarray(0, DIGEST_BYTES);
    const at = index * DIGEST_BYTES;
    if (index < this.#known) return digest.equals(this.#digests.subarray(at, at + DIGEST_BYTES));
    if (at === this.#digests.length)
      this.#digests = Buffer.concat([this.#digests], 2 * at + 64 * DIGEST_BYTES);
    digest.copy(this.#digests, at);
    this.#known = index + 1;
    return true;
  }
}
