/** Breaks a stream off, so that whoever writes what it gives turns back. */
export async function* untilAborted<T>(source: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T> {
  for await (const part of source) {
    signal.throwIfAborted();
    yield part;
  }
}
