import type { Device } from '../device/device.js';
import type { Profile } from '../platform/profile.js';
import { type JudgedAnswer, judgeTokenAnswer } from '../platform/token-answer.js';
import type { Connections } from '../http/connections.js';
import { namedSecrets } from '../secret/named-secrets.js';
import { sessionEnder } from '../token/end-session.js';
import { refused, unanswered } from '../token/failure.js';
import type { Reply } from '../http/reply.js';
import { tokenRequestWriter } from '../token/token-request.js';
import { type Evidence, type Finding, finding, known } from './finding.js';

/** One login. It holds tokens. */
export interface LoggedIn {
  readonly findings: readonly Finding[];
  /** Absent where the server did not answer. */
  readonly answer?: JudgedAnswer;
  /** The tokens in the answer, also where it cannot be used. */
  readonly secrets: ReadonlySet<string>;
  /** When it was sent and answered, in milliseconds since 1970. */
  readonly sentAt: number;
  readonly receivedAt: number;
}

/** Logs a device in. The session stays open until {@link endSession}. */
export async function logIn(
  connections: Connections,
  profile: Profile,
  { name, username, password: secret }: Device,
  now: () => number,
): Promise<LoggedIn> {
  const password = secret.reveal();
  const sentAt = now();
  const reply = await connections.send(tokenRequestWriter(profile)({ username, password }));
  const receivedAt = now();
  const times = { sentAt, receivedAt };
  const evidence = { user: username, ...evidenceOf(reply, profile, receivedAt - sentAt) };
  if (reply.status === undefined) {
    const { detail } = unanswered(reply);
    const found = known('device', 'failure', reply.reason, {
      ...evidence,
      ...(detail !== undefined && { detail }),
    });
    return { ...times, secrets: new Set(), findings: [found] };
  }
  const { status, text: body } = reply;
  const secrets = namedSecrets(body);
  const answer = judgeTokenAnswer({ status, body, username, shape: profile, now: receivedAt });
  if (answer.reason === undefined) {
    const found = finding('device', 'pass', 'device-logged-in', { device: name }, evidence);
    return { ...times, answer, secrets, findings: [found] };
  }
  const { reason, body: object } = answer;
  const { detail } = refused({ reason, answer: reply, body: object, password, now: receivedAt });
  const details = detail === undefined ? {} : { detail };
  return {
    ...times,
    answer,
    secrets,
    findings: [known('device', 'failure', reason, { ...evidence, ...details })],
  };
}

/** Ends the session that a login opened, also where its answer cannot be used; finds nothing where there was none. */
export async function endSession(
  connections: Connections,
  profile: Profile,
  answer: JudgedAnswer,
): Promise<readonly Finding[]> {
  try {
    const { request, warning } = await sessionEnder(connections, profile)(answer);
    if (warning !== undefined) return [known('session', 'warning', warning)];
    return request === undefined ? [] : [finding('session', 'pass', 'session-ended', {})];
  } catch {
    // REALM_UNKNOWN: the token URL does not say where the logout is.
    return [known('session', 'warning', 'session-not-ended')];
  }
}

function evidenceOf(reply: Reply, { bodyMode, clientAuth }: Profile, tookMs: number): Evidence {
  const status = reply.status === undefined ? {} : { status: reply.status };
  return { body: bodyMode, clientAuth, ...status, tookMs: Math.round(tookMs) };
}
