import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { chunksOf, type NamedContent } from '../../files/read-file.js';

const { O_NOFOLLOW, O_NONBLOCK, O_RDONLY } = constants;

/** Size of one read. */
export const CHUNK_BYTES = 2 ** 20;

/**
 * The content of a file, read anew for each pass. Symbolic links are not followed. Files of any size are scanned, so this
 * does not use the bounded reader.
 *
 * @param chunk what the bytes are read into; files that are read one after another can share it
 */
export function contentOfFile(path: string, chunk = Buffer.allocUnsafeSlow(CHUNK_BYTES)): NamedContent {
  return {
    name: path,
    async *chunks() {
      // Opening a named pipe must not wait for its writer.
      const handle = await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
      try {
        yield* chunksOf(handle, chunk);
      } finally {
        await handle.close();
      }
    },
  };
}
