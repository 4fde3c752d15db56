import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import { errorCode } from '../error-code.js';

const decoders: Readonly<
  Record<string, (body: Buffer, options: { readonly maxOutputLength: number }) => Buffer>
> = {
  gzip: gunzipSync,
  'x-gzip': gunzipSync,
  deflate: inflateSync,
  br: brotliDecompressSync,
};

/**
 * Undoes a Content-Encoding (RFC 9110, 8.4), which a server may choose though none was asked for.
 *
 * @param maxBytes how large the unpacked body may be
 * @returns the text, or `undefined` where it would be larger. What cannot be unpacked stays as it was: no JSON
 */
export function unpack(body: Buffer, encoding: string, maxBytes: number): string | undefined {
  const decode = decoders[encoding.trim().toLowerCase()];
  try {
    return (decode?.(body, { maxOutputLength: maxBytes }) ?? body).toString('utf8');
  } catch (error) {
    return errorCode(error) === 'ERR_BUFFER_TOO_LARGE' ? undefined : body.toString('utf8');
  }
}
