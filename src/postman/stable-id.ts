import { createHash } from 'node:crypto';

/** The namespace for names that are URLs (RFC 9562, 6.6). */
const URL_NAMESPACE = Buffer.from('6ba7b8119dad11d180b400c04fd430c8', 'hex');

/**
 * The same id for the same path, on every machine and in every year: a version 5 UUID (RFC 9562, 5.5).
 *
 * @param path what the id is of, e.g. `collection/get-token`
 */
export function stableId(path: string): string {
  const name = `https://biotz.io/biotz-postman/${path}`;
  const bytes = createHash('sha1').update(URL_NAMESPACE).update(name).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
