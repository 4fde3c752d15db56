import type { Device } from '../device/device.js';
import type { Connections } from '../http/connections.js';
import type { Profile } from '../platform/profile.js';
import type { ReasonCode } from '../platform/reason.js';
import {
  type JudgedAnswer,
  judgeTokenAnswer,
  type TokenRequestShape,
  type UsableAnswer,
} from '../platform/answers.js';
import { namedSecrets, namedSecretsIn } from '../secret/named-secrets.js';
import { Secret } from '../secret/secret.js';
import { plainOrLength } from '../text/plain-words.js';
import type { Realm } from '../token/discovery.js';
import { sessionEnder } from '../token/end-session.js';
import { refused, unanswered } from '../token/engine.js';
import { type Message, publishMessage } from '../token/publish.js';
import { tokenRequestWriter } from '../token/token-request.js';
import { type ClockReading, readingOf } from './check-clock.js';
import { checkIdToken, readIdToken, type TokenFacts } from './check-id-token.js';
import type { Findings, Subject } from './diagnosis.js';
import { type Finding, finding, reasonFinding } from './finding.js';

/** What the earlier checks found out about the server. */
export interface Server {
  readonly connections: Connections;
  /** To the ingestion API's server; `undefined` if no message is published. */
  readonly ingestion: Connections | undefined;
  /** `undefined` if its keys cannot be read. */
  readonly realm: Realm | undefined;
  /** How logins are sent; `undefined` if the server does not accept logins. */
  readonly shape: TokenRequestShape | undefined;
}

export interface Examined {
  readonly token?: TokenFacts | undefined;
  /** The identity provider's own clock. A Date header may come from a proxy in front of it. */
  readonly reading?: ClockReading;
}

/** Logs the device in, checks its token, publishes a message if there is one, and ends the session. */
export async function examineDevice(subject: Subject, server: Server, findings: Findings): Promise<Examined> {
  const { profile, device, announce } = subject;
  const { connections, shape } = server;
  if (device === undefined || shape === undefined) {
    findings.skip(['id-token', 'message', 'session'], 'device');
    return {};
  }
  announce({ what: 'login', server: new URL(profile.tokenUrl).origin, device: device.name });
  const shaped = { ...profile, ...shape };
  const { answer, found, sentAt, receivedAt } = await logIn(connections, shaped, device, subject);
  findings.add([found]);
  if (answer === undefined) {
    findings.skip(['id-token', 'message', 'session'], 'device');
    return {};
  }
  try {
    const token = readIdToken(answer, receivedAt);
    if (token !== undefined) subject.trackSecrets(namedSecretsIn(token.claims));
    if (answer.reason === undefined)
      await examineToken(answer, token, { ...subject, device }, server, findings);
    else findings.skip(['id-token', 'message'], 'device');
    const issuedAt = token?.claims['iat'];
    return {
      ...(answer.reason === undefined && { token }),
      // Even if the token cannot be used: the clock may be the reason.
      ...(typeof issuedAt === 'number' && {
        reading: readingOf('iat', issuedAt * 1000, sentAt, receivedAt),
      }),
    };
  } finally {
    findings.add(await endSession(connections, shaped, answer));
    findings.skip(['session'], 'device');
  }
}

async function examineToken(
  answer: UsableAnswer,
  token: TokenFacts | undefined,
  { profile, device, message, announce, signal, now }: Subject & { readonly device: Device },
  { connections, ingestion, realm }: Server,
  findings: Findings,
): Promise<void> {
  if (token === undefined) findings.add([reasonFinding('id-token', 'failure', 'id-token-malformed')]);
  else {
    const { clientId } = profile;
    findings.add(await checkIdToken(answer, token, { connections, realm, clientId, now }));
  }
  if (message === undefined || ingestion === undefined || signal?.aborted === true) return;
  // A token that is not genuine must not be sent anywhere.
  if (findings.hasFailed('id-token')) return findings.skip(['message'], 'id-token');
  const { ingestionUrl } = profile;
  announce({ what: 'message', server: new URL(ingestionUrl).origin, messageType: message.messageType });
  findings.add([await checkMessage(ingestion, ingestionUrl, message, answer, device.password)]);
}

/** The result of one login. It contains tokens. */
interface LoggedIn {
  readonly found: Finding;
  /** Absent if the server did not answer. */
  readonly answer?: JudgedAnswer;
  /** Times of the request and of its answer, in milliseconds since 1970. */
  readonly sentAt: number;
  readonly receivedAt: number;
}

/** Logs a device in. The session stays open until {@link endSession}. */
async function logIn(
  connections: Connections,
  profile: Profile,
  { name, username, password: secret }: Device,
  { now, trackSecrets }: Subject,
): Promise<LoggedIn> {
  const { bodyMode, clientAuth } = profile;
  const password = secret.reveal();
  const sentAt = now();
  const reply = await connections.send(tokenRequestWriter(profile)({ username, password }));
  const receivedAt = now();
  const times = { sentAt, receivedAt };
  const evidence = {
    user: username,
    body: bodyMode,
    clientAuth,
    ...(reply.status !== undefined && { status: reply.status }),
    tookMs: Math.round(receivedAt - sentAt),
  };
  const failure = (reason: ReasonCode, detail: string | undefined) =>
    reasonFinding('device', 'failure', reason, { ...evidence, ...(detail !== undefined && { detail }) });
  if (reply.status === undefined) return { ...times, found: failure(reply.reason, unanswered(reply).detail) };
  const { status, text } = reply;
  // Even if the answer cannot be used, it may contain tokens.
  trackSecrets(namedSecrets(text));
  const answer = judgeTokenAnswer({ status, body: text, username, shape: profile, now: receivedAt });
  if (answer.reason === undefined) {
    return {
      ...times,
      answer,
      found: finding('device', 'pass', 'device-logged-in', { device: name }, evidence),
    };
  }
  const { reason, body } = answer;
  const { detail } = refused({ reason, answer: reply, body, password, now: receivedAt });
  return { ...times, answer, found: failure(reason, detail) };
}

/** Ends the session that a login opened, even if its answer cannot be used. Without a session there is no finding. */
async function endSession(
  connections: Connections,
  profile: Profile,
  answer: JudgedAnswer,
): Promise<readonly Finding[]> {
  try {
    const { request, warning } = await sessionEnder(connections, profile)(answer);
    if (warning !== undefined) return [reasonFinding('session', 'warning', warning)];
    return request === undefined ? [] : [finding('session', 'pass', 'session-ended', {})];
  } catch {
    // REALM_UNKNOWN: the logout address cannot be derived from the token URL.
    return [reasonFinding('session', 'warning', 'session-not-ended')];
  }
}

/** Publishes one message with a token that was just issued. */
async function checkMessage(
  connections: Connections,
  ingestionUrl: string,
  message: Message,
  { idToken }: Pick<UsableAnswer, 'idToken'>,
  password: Secret,
): Promise<Finding> {
  const token = new Secret(idToken);
  const { status, reason, text = '' } = await publishMessage(connections, ingestionUrl, message, token);
  const { messageType, payload } = message;
  const evidence = { ingestionUrl, ...(status !== undefined && { status }) };
  if (reason === undefined) {
    return finding('message', 'pass', 'message-published', { messageType }, evidence);
  }
  // The answer may quote the message.
  const answer = text && plainOrLength(text, [idToken, password.reveal()], `${messageType} ${payload}`);
  return reasonFinding('message', 'failure', reason, { ...evidence, ...(answer !== '' && { answer }) });
}
