/**
 * Shapes the first 16 bytes of a digest like a UUID (RFC 9562), so that the same digest always gives the
 * same one.
 *
 * @param digest at least 16 bytes; it is left as it is
 * @param version 5 for a SHA-1 of a namespace and a name (5.5), 4 for what should look random (5.4)
 */
export function uuidFrom(digest: Buffer, version: 4 | 5): string {
  const bytes = Buffer.from(digest.subarray(0, 16));
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | (version << 4), 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
