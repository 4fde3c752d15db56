import { TextDecoder } from 'node:util';
import { brotliDecompressSync, constants, gunzipSync, inflateRawSync, inflateSync } from 'node:zlib';

/** Each coding costs a pass over the body. cURL takes as many. */
const MOST_CODINGS = 5;

/** Takes data that ends early, as cURL and Newman do: whether it is whole JSON is judged afterwards. */
const lenient = { flush: constants.Z_SYNC_FLUSH, finishFlush: constants.Z_SYNC_FLUSH };

type Decode = (body: Buffer, maxOutputLength: number) => Buffer;

const gunzip: Decode = (body, maxOutputLength) => gunzipSync(body, { ...lenient, maxOutputLength });

/** Some servers leave out the zlib header that the coding has (RFC 9110, 8.4.1.2). */
const inflate: Decode = (body, maxOutputLength) => {
  const hasHeader = ((body[0] ?? 8) & 0x0f) === 8;
  return (hasHeader ? inflateSync : inflateRawSync)(body, { ...lenient, maxOutputLength });
};

const decoders: ReadonlyMap<string, Decode> = new Map<string, Decode>([
  ['gzip', gunzip],
  ['x-gzip', gunzip],
  ['deflate', inflate],
  ['br', (body, maxOutputLength) => brotliDecompressSync(body, { maxOutputLength })],
  ['identity', (body) => body],
]);

/**
 * Undoes a Content-Encoding (RFC 9110, 8.4), which a server may choose although none was asked for. Each lane
 * ends with the same bytes: Newman unpacks gzip, deflate and br itself, and leaves the rest to this function.
 *
 * @param encoding one coding, or several in the order in which they were applied
 * @param maxBytes how large the body may become
 * @returns the unpacked body; the unchanged body if a coding is unknown
 * @throws zlib's error if the body is damaged or becomes too large; `explainConnectionError` knows it
 */
export function unpack(body: Buffer, encoding: string, maxBytes: number): Buffer {
  const codings = encoding.toLowerCase().split(',', MOST_CODINGS + 1);
  const decode = codings.map((coding) => decoders.get(coding.trim()));
  if (codings.length > MOST_CODINGS || decode.includes(undefined)) return body;
  return decode.reduceRight((packed, undo) => undo?.(packed, maxBytes) ?? packed, body);
}

/**
 * A body as text, by the charset of its Content-Type; UTF-8 if it names none that is known. A byte order mark
 * is dropped (RFC 8259, 8.1).
 */
export function decodeText(body: Buffer, contentType = ''): string {
  const [, charset = 'utf-8'] = /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(contentType) ?? [];
  // JSON begins with an ASCII character, so the first byte tells the order if no mark does.
  const isBigEndian = body[0] === 0xfe || body[0] === 0;
  return decoderOf(/^utf-?16$/i.test(charset) && isBigEndian ? 'utf-16be' : charset).decode(body);
}

const utf8 = new TextDecoder();

function decoderOf(charset: string): TextDecoder {
  if (/^utf-?8$/i.test(charset)) return utf8;
  try {
    return new TextDecoder(charset);
  } catch {
    // Node does not know the charset.
    return utf8;
  }
}
