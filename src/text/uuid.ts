import { createHash } from 'node:crypto';

/**
 * Shapes the first 16 bytes of a digest like a UUID (RFC 9562), so that the same digest always gives the
 * same one.
 *
 * @param digest at least 16 bytes; it is not changed
 * @param version 5 for a SHA-1 of a namespace and a name (5.5), 4 for a UUID that looks random (5.4)
 */
export function uuidFrom(digest: Buffer, version: 4 | 5): string {
  const bytes = Buffer.from(digest.subarray(0, 16));
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | (version << 4), 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/** The namespace for names that are URLs (RFC 9562, 6.6). */
const URL_NAMESPACE = Buffer.from('6ba7b8119dad11d180b400c04fd430c8', 'hex');

/**
 * An id that depends only on a path: a version 5 UUID (RFC 9562, 5.5).
 *
 * @param path identifies the object, e.g. `collection/get-token`
 */
export function stableId(path: string): string {
  const name = `https://biotz.io/biotz-postman/${path}`;
  return uuidFrom(createHash('sha1').update(URL_NAMESPACE).update(name).digest(), 5);
}
