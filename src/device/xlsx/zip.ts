import { Readable } from 'node:stream';
import { crc32, inflateRawSync } from 'node:zlib';
import { errorCode } from '../../errors/error-code.js';

/** The archive breaks the format, is encrypted, or is compressed in a way that no workbook is. */
export class ZipMalformed extends Error {}

/** The entries unpack to more than was allowed. */
export class ZipTooLarge extends Error {}

// Signatures and offsets are those of PKWARE's APPNOTE.TXT 6.3.10, 4.3.
const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const ZIP64_EXTRA = 0x0001;
const ZIP64 = 0xffffffff;

interface ZipEntry {
  readonly name: string;
  readonly method: number;
  readonly packed: number;
  readonly unpacked: number;
  readonly offset: number;
}

/**
 * Unpacks entries of an archive, and never more bytes than allowed: declared sizes are believed when they
 * are too large, and checked when they are not.
 *
 * @param limit bytes, for all wanted entries together
 * @throws ZipMalformed
 * @throws ZipTooLarge
 */
export function unzip(
  archive: Buffer,
  wanted: (name: string) => boolean,
  limit: number,
): ReadonlyMap<string, Buffer> {
  try {
    const entries = listEntries(archive).filter(({ name }) => wanted(name));
    let left = limit;
    const sum = (size: 'packed' | 'unpacked') => entries.reduce((total, entry) => total + entry[size], 0);
    if (sum('unpacked') > limit) throw new ZipTooLarge();
    // Entries that share their bytes: a small archive could be unpacked for hours, also into nothing.
    if (sum('packed') > archive.length) throw new ZipMalformed();
    const contents = new Map<string, Buffer>();
    for (const entry of entries) {
      const content = unpack(archive, entry, left);
      left -= content.length;
      contents.set(entry.name, content);
    }
    return contents;
  } catch (error) {
    if (error instanceof ZipTooLarge) throw error;
    // For example an offset that points outside the archive.
    throw new ZipMalformed();
  }
}

/** An archive of uncompressed entries, as a stream of buffers. */
export function storedZip(entries: ReadonlyMap<string, Buffer>): Readable {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, content] of entries) {
    const title = Buffer.from(name);
    // Version 2.0, UTF-8 name (bit 11), method 0, no time, then checksum and sizes
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(0x0800, 2);
    common.writeUInt32LE(crc32(content), 10);
    common.writeUInt32LE(content.length, 14);
    common.writeUInt32LE(content.length, 18);
    common.writeUInt16LE(title.length, 22);
    parts.push(uint32(LOCAL), common, title, content);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    directory.push(uint32(CENTRAL), common.subarray(0, 2), common, rest, title);
    offset += 30 + title.length + content.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(END, 0);
  end.writeUInt16LE(entries.size, 8);
  end.writeUInt16LE(entries.size, 10);
  end.writeUInt32LE(Buffer.concat(directory).length, 12);
  end.writeUInt32LE(offset, 16);
  return Readable.from([...parts, ...directory, end]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function listEntries(archive: Buffer): ZipEntry[] {
  const end = archive.lastIndexOf(uint32(END));
  if (end < 0) throw new ZipMalformed();
  const count = archive.readUInt16LE(end + 10);
  let at = archive.readUInt32LE(end + 16);
  const entries: ZipEntry[] = [];
  for (let i = 0; i < count; i++) {
    if (archive.readUInt32LE(at) !== CENTRAL) throw new ZipMalformed();
    const encrypted = (archive.readUInt16LE(at + 8) & 1) !== 0;
    if (encrypted) throw new ZipMalformed();
    const nameEnd = at + 46 + archive.readUInt16LE(at + 28);
    const extraEnd = nameEnd + archive.readUInt16LE(at + 30);
    const sizes = {
      unpacked: archive.readUInt32LE(at + 24),
      packed: archive.readUInt32LE(at + 20),
      offset: archive.readUInt32LE(at + 42),
    };
    entries.push({
      name: archive.toString('utf8', at + 46, nameEnd),
      method: archive.readUInt16LE(at + 10),
      ...sizes,
      ...zip64Sizes(archive.subarray(nameEnd, extraEnd), sizes),
    });
    at = extraEnd + archive.readUInt16LE(at + 32);
  }
  return entries;
}

/** Some writers (Apache POI) use 64-bit fields however small the file: those that hold 0xffffffff, in this order. */
function zip64Sizes(
  extra: Buffer,
  sizes: Pick<ZipEntry, 'unpacked' | 'packed' | 'offset'>,
): Partial<ZipEntry> {
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== ZIP64_EXTRA) continue;
    let field = at + 4;
    const next = (value: number) => {
      if (value !== ZIP64) return value;
      field += 8;
      return Number(extra.readBigUInt64LE(field - 8));
    };
    return { unpacked: next(sizes.unpacked), packed: next(sizes.packed), offset: next(sizes.offset) };
  }
  return {};
}

function unpack(archive: Buffer, { method, packed, offset }: ZipEntry, limit: number): Buffer {
  if (archive.readUInt32LE(offset) !== LOCAL) throw new ZipMalformed();
  const start = offset + 30 + archive.readUInt16LE(offset + 26) + archive.readUInt16LE(offset + 28);
  const data = archive.subarray(start, start + packed);
  if (data.length < packed) throw new ZipMalformed();
  if (method === 0 && data.length <= limit) return data;
  if (method === 0) throw new ZipTooLarge();
  if (method !== 8) throw new ZipMalformed();
  try {
    return inflateRawSync(data, { maxOutputLength: Math.max(limit, 1) });
  } catch (error) {
    throw errorCode(error) === 'ERR_BUFFER_TOO_LARGE' ? new ZipTooLarge() : new ZipMalformed();
  }
}
