import type { TextEncoding } from '../files/content.js';

/**
 * A text's bytes as UTF-8, without its byte order mark: PowerShell's `>` writes UTF-16. What is not in the encoding is
 * replaced or left as it is: nothing here is passed on.
 */
export async function* inUtf8(
  parts: AsyncIterable<Buffer>,
  encoding: TextEncoding,
): AsyncGenerator<Buffer, void> {
  if (encoding === 'utf-8') {
    yield* parts;
    return;
  }
  const decoder = new TextDecoder(encoding);
  for await (const part of parts) yield Buffer.from(decoder.decode(part, { stream: true }));
  yield Buffer.from(decoder.decode());
}
