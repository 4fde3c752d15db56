import type { UsableAnswer } from '../platform/token-answer.js';
import { Secret } from '../secret/secret.js';
import type { Connections } from '../http/connections.js';
import { plainOrLength } from '../text/plain-words.js';
import { type Message, publishMessage } from '../token/publish.js';
import { type Finding, finding, known } from './finding.js';

/** Publishes one message with a token that was just issued. */
export async function checkMessage(
  connections: Connections,
  ingestionUrl: string,
  message: Message,
  { idToken }: Pick<UsableAnswer, 'idToken'>,
  password: Secret,
): Promise<Finding> {
  const { status, reason, text } = await publishMessage(
    connections,
    ingestionUrl,
    message,
    new Secret(idToken),
  );
  const { messageType, payload } = message;
  const evidence = { ingestionUrl, ...(status !== undefined && { status }) };
  if (reason === undefined) {
    return finding('message', 'pass', 'message-published', { messageType }, evidence);
  }
  // It may name what it does not like in the message.
  const answer =
    text === undefined || text === ''
      ? {}
      : { answer: plainOrLength(text, [idToken, password.reveal()], `${messageType} ${payload}`) };
  return known('message', 'failure', reason, { ...evidence, ...answer });
}
