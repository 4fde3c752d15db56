import { createHash } from 'node:crypto';
import { uuidFrom } from '../text/uuid.js';

/** The namespace for names that are URLs (RFC 9562, 6.6). */
const URL_NAMESPACE = Buffer.from('6ba7b8119dad11d180b400c04fd430c8', 'hex');

/**
 * The same id for the same path, on every machine and in every year: a version 5 UUID (RFC 9562, 5.5).
 *
 * @param path what the id is of, e.g. `collection/get-token`
 */
export function stableId(path: string): string {
  const name = `https://biotz.io/biotz-postman/${path}`;
  return uuidFrom(createHash('sha1').update(URL_NAMESPACE).update(name).digest(), 5);
}
