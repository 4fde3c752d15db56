import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { chunksOf, type NamedContent } from '../../files/read-file.js';

const { O_NOFOLLOW, O_NONBLOCK, O_RDONLY } = constants;

/** Size of one read. */
const CHUNK_BYTES = 2 ** 20;

/** Shared by all files, because they are read one after another. */
let chunk: Buffer | undefined;

/**
 * The content of a file, read anew for each pass. Symbolic links are not followed. Files of any size are scanned, so this
 * does not use the bounded reader.
 *
 * @param name the file's name in messages
 */
export function contentOfFile(path: string, name = path): NamedContent {
  return {
    name,
    async *chunks() {
      // Opening a named pipe must not wait for its writer.
      const handle = await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
      try {
        chunk ??= Buffer.allocUnsafeSlow(CHUNK_BYTES);
        yield* chunksOf(handle, chunk);
      } finally {
        await handle.close();
      }
    },
  };
}
