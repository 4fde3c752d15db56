/** Bytes that can be read from their start any number of times, and are the same each time. */
export interface Repeatable {
  chunks(): AsyncGenerator<Buffer, void>;
}

/** How many bytes are read at a time; also what age encrypts in one piece. */
export const CHUNK_BYTES = 64 * 1024;

/** Bytes in memory. */
export function held(content: Buffer): Repeatable {
  return {
    async *chunks() {
      for (let at = 0; at < content.length; at += CHUNK_BYTES) yield content.subarray(at, at + CHUNK_BYTES);
    },
  };
}
