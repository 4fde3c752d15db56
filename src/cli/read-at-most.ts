import { readSync } from 'node:fs';

/**
 * Reads an open file to its end. Not by its size: a pipe or device tells none.
 *
 * @param handle its descriptor
 * @param most how many bytes it may have
 * @returns its text; `undefined` where it has more
 */
export function readAtMost(handle: number, most: number): string | undefined {
  const bytes = Buffer.alloc(most + 1);
  let length = 0;
  for (let read = -1; read !== 0 && length < bytes.length; length += read) {
    read = readSync(handle, bytes, length, bytes.length - length, null);
  }
  return length > most ? undefined : bytes.toString('utf8', 0, length);
}
