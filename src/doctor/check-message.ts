import type { UsableAnswer } from '../platform/token-answer.js';
import { Secret } from '../secret/secret.js';
import type { Connections } from '../http/connections.js';
import { cleaned } from '../token/failure.js';
import { type Message, publishMessage } from '../token/publish.js';
import { type Finding, finding, known } from './finding.js';

/** Publishes one message with a token that was just issued. */
export async function checkMessage(
  connections: Connections,
  ingestionUrl: string,
  message: Message,
  { idToken }: Pick<UsableAnswer, 'idToken'>,
): Promise<Finding> {
  const { status, reason, text } = await publishMessage(
    connections,
    ingestionUrl,
    message,
    new Secret(idToken),
  );
  const { messageType } = message;
  const evidence = { ingestionUrl, ...(status !== undefined && { status }) };
  if (reason === undefined) {
    return finding('message', 'pass', 'message-published', { messageType }, evidence);
  }
  const answer = cleaned(text ?? '', [idToken]);
  return known('message', 'failure', reason, { ...evidence, ...(answer !== '' && { answer }) });
}
