import { explainRefusal } from '../platform/answers.js';
import { parseObject } from '../text/json.js';
import type { ReasonCode } from '../platform/reason.js';
import type { Connections } from '../http/connections.js';
import { pathOf } from './realm-urls.js';

type JsonDocument = Readonly<Record<string, unknown>>;

/** A document, or why there is none. */
export type Fetched =
  | { readonly document: JsonDocument; readonly reason?: undefined }
  | { readonly document?: undefined; readonly reason: ReasonCode };

/**
 * Reads a JSON object from a server.
 *
 * @param connections to that server
 */
export async function fetchDocument(connections: Connections, url: string): Promise<Fetched> {
  const reply = await connections.send({
    method: 'GET',
    path: pathOf(url),
    headers: { accept: 'application/json', 'user-agent': 'biotz-postman' },
  });
  if (reply.status === undefined) return { reason: reply.reason };
  const document = parseObject(reply.text);
  if (reply.status !== 200) {
    // Keycloak's words are the same as at its token endpoint; that a realm does not exist, for one.
    return { reason: explainRefusal(reply.status, document, { bodyMode: 'urlencoded', clientAuth: 'body' }) };
  }
  return document === undefined ? { reason: 'answer-not-json' } : { document };
}
