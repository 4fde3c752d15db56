import { countKnownColumns } from '../device/columns.js';
import { recogniseContent } from '../device/content.js';
import { MAX_HELD_BYTES, openCredentials } from '../device/credentials-file.js';
import { detectDialect } from '../device/csv-dialect.js';
import { streamDevices } from '../device/stream-devices.js';
import type { Content } from './scan-file.js';

/** So many of the platform's columns in its first line make a file one of credentials. */
const FEWEST_COLUMNS = 3;

/** What the platform's guide has in the place of a password. */
const PLACEHOLDER = '[Password]';

/**
 * Where the first device with a password is, if this is a credentials file: a CSV by its header, or a workbook.
 *
 * @param head its first part
 * @returns a line; `undefined` where it is none, or holds no password
 */
export async function findCredentials(content: Content, head: Buffer): Promise<number | undefined> {
  const { kind } = recogniseContent(head);
  if (kind === 'binary') return undefined;
  const bytes = kind === 'zip' ? await wholeOf(content) : headerOf(head) && head;
  if (bytes === undefined) return undefined;
  const { name } = content;
  const file = await openCredentials({ name, stream: [bytes] as unknown as AsyncIterable<Uint8Array> });
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

/** Whether the first line that is not empty has the platform's columns. */
function headerOf(head: Buffer): boolean {
  const { delimiter, prefixBytes } = detectDialect(head);
  const text = head.toString('utf8', prefixBytes, 8192).replace(/^\ufeff/, '');
  const header = text.split(/[\r\n]/).find((line) => line.trim() !== '') ?? '';
  const titles = header.split(delimiter).map((title) => title.replaceAll('"', ''));
  return countKnownColumns(titles) >= FEWEST_COLUMNS;
}

/** A workbook is never large; anything else that is packed is not looked into. */
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
