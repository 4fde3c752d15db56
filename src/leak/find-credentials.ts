import { countKnownColumns } from '../device/columns.js';
import { recogniseContent } from '../files/content.js';
import { openCredentials } from '../device/credentials-file.js';
import { detectDialect } from '../device/csv-dialect.js';
import { MAX_HELD_BYTES } from '../device/held-file.js';
import { streamDevices } from '../device/stream-devices.js';
import type { Content } from './content.js';

/** With so many of the platform's columns in its first line, a file is one of credentials. */
const FEWEST_COLUMNS = 3;

/** The header is in the first bytes. */
const HEADER_BYTES = 8192;

/** What the platform's guide has in the place of a password. */
const PLACEHOLDER = '[Password]';

/**
 * Where the first device with a password is, if this is a credentials file: a CSV by its header, or a workbook.
 *
 * @param head its first part
 * @returns a line; `undefined` where it is none, or has no password in that part
 */
export async function findCredentials(content: Content, head: Buffer): Promise<number | undefined> {
  const bytes = await credentialsIn(content, head);
  if (bytes === undefined) return undefined;
  const file = await openCredentials({ name: content.name, stream: once(bytes) });
  try {
    for await (const devices of streamDevices(file)) {
      const device = devices.find(({ password }) => password.reveal() !== PLACEHOLDER);
      if (device !== undefined) return device.line;
    }
    return undefined;
  } finally {
    await file.close();
  }
}

/** A workbook as a whole, or as much of a CSV as there is, by its header. */
async function credentialsIn(content: Content, head: Buffer): Promise<Buffer | undefined> {
  const kind = recogniseContent(head);
  if (kind.kind === 'zip') return wholeOf(content);
  if (kind.kind !== 'text') return undefined;
  const start = Buffer.from(new TextDecoder(kind.encoding).decode(head.subarray(0, HEADER_BYTES)));
  const { delimiter, prefixBytes } = detectDialect(start);
  const lines = start.toString('utf8', prefixBytes).split(/[\r\n]/);
  const titles = (lines.find((line) => line.trim() !== '') ?? '').split(delimiter);
  const known = countKnownColumns(titles.map((title) => title.replaceAll('"', '')));
  return known >= FEWEST_COLUMNS ? head : undefined;
}

/** A workbook of credentials is never large. */
async function wholeOf(content: Content): Promise<Buffer | undefined> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of content.chunks()) {
    length += part.length;
    if (length > MAX_HELD_BYTES) return undefined;
    parts.push(Buffer.from(part));
  }
  return Buffer.concat(parts);
}

async function* once(bytes: Buffer): AsyncGenerator<Buffer, void> {
  yield bytes;
}
