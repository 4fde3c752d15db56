import { deviceError } from '../errors.js';
import type { BigIntStats } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { CHUNK_BYTES } from '../../age/repeatable.js';
import { ChunkDigests } from './chunk-digests.js';
import type { CredentialsFile } from './credentials-file.js';
import { inOnePiece } from './held-file.js';
import { refuseUnreadable } from './unreadable.js';

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
      // A pass may take hours: no byte of a file that was written to meanwhile may be used.
      await requireUnchanged();
      if (chunk.length === 0) return;
      // Times can be set, and are as coarse as some milliseconds: what counts is what was read before.
      if (!digests.agree(index, chunk)) changed();
      // The disk works while the chunk is used.
      next = read(CHUNK_BYTES, (index + 1) * CHUNK_BYTES);
      // A failure is thrown where that chunk is asked for, if ever.
      next.catch(() => undefined);
      yield chunk;
    }
  }

  return {
    name,
    head: () => read(4096, 0),
    chunks,
    whole: () => inOnePiece(opened.size, chunks()),
    close: () => handle.close(),
  };
}
