import { hash } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { CHUNK_BYTES } from '../../files/read-file.js';
import { deviceError } from '../errors.js';
import { type CredentialsFile, readWhole, refuseUnreadable } from './credentials-file.js';

/** Half of SHA-256: finding another chunk with the same digest is infeasible. */
const DIGEST_BYTES = 16;

/** A file that stays open, so that every pass reads the same one. */
export function regularFile(name: string, handle: FileHandle, opened: BigIntStats): CredentialsFile {
  const digests = new ChunkDigests();

  async function requireUnchanged(): Promise<void> {
    const now = await handle.stat({ bigint: true });
    if (now.size !== opened.size || now.mtimeNs !== opened.mtimeNs || now.ino !== opened.ino) changed();
  }

  function changed(): never {
    throw deviceError('CREDENTIALS_CHANGED', { file: name });
  }

  /** Fewer bytes only at the file's end. */
  async function read(bytes: number, position: number): Promise<Buffer> {
    const buffer = Buffer.allocUnsafeSlow(bytes);
    let length = 0;
    for (let last = -1; last !== 0 && length < bytes; length += last) {
      const { bytesRead } = await handle
        .read(buffer, length, bytes - length, position + length)
        .catch((error: unknown) => refuseUnreadable(name, error));
      last = bytesRead;
    }
    return buffer.subarray(0, length);
  }

  async function* chunks(): AsyncGenerator<Buffer, void> {
    let next = read(CHUNK_BYTES, 0);
    for (let index = 0; ; index++) {
      const chunk = await next;
      // A pass may take hours. If another process has written to the file meanwhile, no byte of it may be used.
      await requireUnchanged();
      if (chunk.length === 0) return;
      // A file's times are coarse and can be set, so the content itself is compared with what was read before.
      if (!digests.agree(index, chunk)) changed();
      // The disk works while the caller uses this chunk.
      next = read(CHUNK_BYTES, (index + 1) * CHUNK_BYTES);
      // A failure is thrown when the caller asks for that chunk, if it ever does.
      next.catch(() => undefined);
      yield chunk;
    }
  }

  return {
    name,
    head: () => read(4096, 0),
    chunks,
    whole: () => readWhole(opened.size, chunks()),
    close: () => handle.close(),
  };
}

/** Remembers the digest of each chunk from the first pass: 16 bytes a chunk, 4 MB for a file of 16 GB. */
class ChunkDigests {
  #digests = Buffer.alloc(0);
  #known = 0;

  /**
   * Whether a chunk is the same as in the pass before, or has not been read before.
   *
   * @param index of the chunk; each pass begins at 0 and skips none
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
