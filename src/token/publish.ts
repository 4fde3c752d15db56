import { explainPublishAnswer } from '../platform/answers.js';
import type { ReasonCode } from '../platform/reason.js';
import type { Secret } from '../secret/secret.js';
import type { Connections } from '../http/connections.js';
import { pathOf } from './discovery.js';

/** A message to publish. */
export interface Message {
  /** The message type's internal name. */
  readonly messageType: string;
  /** JSON by the message type's schema. */
  readonly payload: string;
}

/** Result of publishing a message. */
export interface Published {
  /** Absent if no answer arrived. */
  readonly status?: number;
  /** Absent if the platform accepted the message. */
  readonly reason?: ReasonCode;
  /** The answer's text, which cannot be trusted. */
  readonly text?: string;
}

/**
 * Sends a message as a device does, once only: a message without an answer may have arrived.
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
  const reason = explainPublishAnswer(status, text);
  return reason === undefined ? { status } : { status, reason, text };
}
