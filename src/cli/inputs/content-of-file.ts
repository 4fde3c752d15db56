import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Content } from '../../leak/content.js';

const { O_NOFOLLOW, O_NONBLOCK, O_RDONLY } = constants;

/** How many bytes are read at a time. */
const CHUNK_BYTES = 2 ** 20;

/** One for all files: they are read one after another. */
let chunk: Buffer | undefined;

/**
 * A file's bytes, read anew each time they are asked for. Symbolic links are not followed, and only what is a file is read.
 *
 * @param path where it is
 * @param name what it is called in messages
 */
export function contentOfFile(path: string, name = path): Content {
  return {
    name,
    async *chunks() {
      // Not to wait for whoever writes into a named pipe.
      const handle = await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
      try {
        chunk ??= Buffer.allocUnsafeSlow(CHUNK_BYTES);
        for (;;) {
          const { bytesRead } = await handle.read(chunk, 0, CHUNK_BYTES, null);
          if (bytesRead === 0) return;
          yield chunk.subarray(0, bytesRead);
        }
      } finally {
        await handle.close();
      }
    },
  };
}
