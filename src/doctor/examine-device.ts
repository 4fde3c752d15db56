import type { Device } from '../device/device.js';
import type { TokenRequestShape } from '../platform/answers.js';
import type { UsableAnswer } from '../platform/token-answer.js';
import type { Connections } from '../http/connections.js';
import type { Realm } from '../token/discovery.js';
import { namedSecretsIn } from '../secret/named-secrets.js';
import { checkIdToken, readIdToken, type TokenFacts } from './check-id-token.js';
import { checkMessage } from './check-message.js';
import { type ClockReading, readingOf } from './clock-watch.js';
import type { Findings } from './diagnosis.js';
import { known } from './finding.js';
import { endSession, logIn } from './log-in.js';
import type { Subject } from './subject.js';

/** What is known of the server by now. */
export interface Server {
  readonly connections: Connections;
  /** To the ingestion API's server; absent: nothing is to be published. */
  readonly ingestion: Connections | undefined;
  /** Absent where its keys cannot be read. */
  readonly realm: Realm | undefined;
  /** How logins are sent; absent: it takes none. */
  readonly shape: TokenRequestShape | undefined;
}

export interface Examined {
  readonly token?: TokenFacts | undefined;
  /** The identity provider's own clock: a Date header may be that of something before it. */
  readonly reading?: ClockReading;
}

/** Logs the device in, looks at its token, publishes a message if one is asked for, and ends the session again. */
export async function examineDevice(subject: Subject, server: Server, findings: Findings): Promise<Examined> {
  const { profile, device, announce, now } = subject;
  const { connections, shape } = server;
  if (device === undefined || shape === undefined) {
    findings.skip(['id-token', 'message', 'session'], 'device');
    return {};
  }
  announce({ what: 'login', server: new URL(profile.tokenUrl).origin, device: device.name });
  const shaped = { ...profile, ...shape };
  const {
    answer,
    secrets,
    sentAt,
    receivedAt,
    findings: ofLogin,
  } = await logIn(connections, shaped, device, now);
  findings.add(ofLogin);
  if (answer === undefined) {
    findings.skip(['id-token', 'message', 'session'], 'device');
    return {};
  }
  try {
    const token = readIdToken(answer, receivedAt);
    subject.learn(secrets);
    if (token !== undefined) subject.learn(namedSecretsIn(token.claims));
    if (answer.reason === undefined)
      await examineToken(answer, token, { ...subject, device }, server, findings);
    else findings.skip(['id-token', 'message'], 'device');
    const issuedAt = token?.claims['iat'];
    return {
      ...(answer.reason === undefined && { token }),
      // Of a token that is refused, too: a clock may be the reason.
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
  if (token === undefined) findings.add([known('id-token', 'failure', 'id-token-malformed')]);
  else {
    const { clientId } = profile;
    findings.add(await checkIdToken(answer, token, { connections, realm, clientId, now }));
  }
  if (message === undefined || ingestion === undefined || signal?.aborted === true) return;
  // A token that is not genuine may be for nobody's eyes.
  if (findings.hasFailed('id-token')) return findings.skip(['message'], 'id-token');
  const { ingestionUrl } = profile;
  announce({ what: 'message', server: new URL(ingestionUrl).origin, messageType: message.messageType });
  findings.add([await checkMessage(ingestion, ingestionUrl, message, answer, device.password)]);
}
