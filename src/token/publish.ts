import { parseObject } from '../platform/json-object.js';
import type { ReasonCode } from '../platform/reason.js';
import type { Secret } from '../secret/secret.js';
import type { Connections } from '../http/connections.js';
import { pathOf } from './realm-urls.js';

/** A message as it is published. */
export interface Message {
  /** The message type's internal name. */
  readonly messageType: string;
  /** JSON by the message type's schema. */
  readonly payload: string;
}

/** What came of publishing a message. */
export interface Published {
  /** Absent where no answer came. */
  readonly status?: number;
  /** Absent where the platform took the message. */
  readonly reason?: ReasonCode;
  /** The answer's text, which anybody may have written. */
  readonly text?: string;
}

/**
 * Sends a message as a device does, once: whether one without an answer has arrived nobody knows. The collection's
 * "Publish data" judges the answer in the same way (templates/collection/publish-data/test.js).
 *
 * @param connections to the ingestion API's server
 * @param ingestionUrl its address, as a profile has it
 */
export async function publishMessage(
  connections: Connections,
  ingestionUrl: string,
  { messageType, payload }: Message,
  idToken: Secret,
): Promise<Published> {
  const reply = await connections.send({
    method: 'POST',
    path: `${pathOf(ingestionUrl).replace(/\/+$/, '')}/api/device/publish/data/${messageType}`,
    headers: {
      accept: 'application/json',
      authorization: `Bearer ${idToken.reveal()}`,
      'content-type': 'application/json',
      'user-agent': 'biotz-postman',
    },
    body: payload,
  });
  if (reply.status === undefined) return { reason: reply.reason };
  const { status, text } = reply;
  const body = parseObject(text);
  if (status === 200 && body?.['success?'] === true) return { status };
  // The platform answers 404 to a missing or expired token.
  const isUnauthorized = status === 401 || (status === 404 && body?.['error'] === 'Authentication required');
  return { status, reason: isUnauthorized ? 'publish-unauthorized' : 'publish-refused', text };
}
