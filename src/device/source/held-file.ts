import { held } from '../../age/repeatable.js';
import type { CredentialsFile, NamedStream } from './credentials-file.js';
import { refuse, refuseUnreadable } from './unreadable.js';

/** How much input is held in memory where it cannot be read twice, or not in parts: 64 MiB. */
export const MAX_HELD_BYTES = 64 * 2 ** 20;

/**
 * Takes what can be read only once into memory.
 *
 * @throws CREDENTIALS_INVALID with `file-not-readable` or `file-too-large`
 */
export async function hold({ stream, name }: NamedStream): Promise<CredentialsFile> {
  const parts: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const part of stream) {
      parts.push(part);
      length += part.length;
      if (length > MAX_HELD_BYTES) refuse(name, 'file-too-large', { limit: MAX_HELD_BYTES });
    }
  } catch (error) {
    refuseUnreadable(name, error);
  }
  const content = Buffer.concat(parts);
  return {
    name,
    head: async () => content.subarray(0, 4096),
    ...held(content),
    whole: async () => content,
    close: async () => {},
  };
}

/** A content in one piece, where it may be held. */
export async function inOnePiece(
  bytes: number | bigint,
  chunks: AsyncIterable<Buffer>,
): Promise<Buffer | undefined> {
  if (bytes > MAX_HELD_BYTES) return undefined;
  const parts: Buffer[] = [];
  for await (const part of chunks) parts.push(part);
  return Buffer.concat(parts);
}
