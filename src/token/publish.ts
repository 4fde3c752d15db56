import { explainPublishAnswer } from '../platform/answers.js';
import type { ReasonCode } from '../platform/reason.js';
import type { Secret } from '../secret/secret.js';
import type { Connections } from '../http/connections.js';
import { pathOf } from './discovery.js';

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
  /** The answer's text, which is foreign. */
  readonly text?: string;
}

/**
 * Sends a message as a device does, once: without an answer it is unknown whether it arrived.
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
