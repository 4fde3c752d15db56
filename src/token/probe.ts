import { randomUUID } from 'node:crypto';
import { type TokenRequestShape, explainTokenAnswer } from '../platform/answers.js';
import { parseObject } from '../text/json.js';
import type { BodyMode, ClientAuth } from '../platform/profile.js';
import type { ReasonCode } from '../platform/reason.js';
import type { Connections } from '../http/connections.js';
import { plainOrLength } from '../text/plain-words.js';
import { type LoginProfile, tokenRequestWriter } from './token-request.js';

/** The kinds of token requests that a server accepts. */
export interface Probe {
  /** Whether the server knows the client and lets it use the password grant; otherwise the reason why not, or why that is unknown. */
  readonly client: 'accepted' | ReasonCode;
  /** Whether it reads a form-data body; unknown unless the client is accepted. */
  readonly formData: 'read' | 'read-with-basic' | 'not-read' | 'unknown';
  /** The first that works: form-data as in the guide, form-data with Basic, urlencoded. Absent: none works. */
  readonly recommended?: TokenRequestShape;
  /** How many logins were tried, at most three. */
  readonly logins: number;
  /** The requests and their answers, in order. */
  readonly evidence: readonly ProbeEvidence[];
}

interface ProbeEvidence {
  readonly bodyMode: BodyMode;
  readonly clientAuth: ClientAuth;
  /** Absent if no answer arrived. */
  readonly status?: number;
  /** The answer's `error` and `error_description` (RFC 6749, 5.2), as the server wrote them, but short. */
  readonly error?: string;
  readonly description?: string;
  /** Meaning of the answer; `invalid-user-credentials` is the best result of a probe. */
  readonly reason?: ReasonCode;
}

/**
 * Detects which body encodings and client authentication a server reads, with logins of a user who cannot exist: no
 * password is needed, and no account is locked. Whether it reads form-data is only known if it refused the same login as
 * urlencoded, which every server reads, for its user alone.
 *
 * @param connections to the server of `profile.tokenUrl`
 * @param profile its `bodyMode` and `clientAuth` do not matter
 */
export async function probe(
  connections: Connections,
  profile: Omit<LoginProfile, keyof TokenRequestShape>,
): Promise<Probe> {
  const evidence: ProbeEvidence[] = [];
  const ask = async (bodyMode: BodyMode, clientAuth: ClientAuth) => {
    const found = await askOnce(connections, { ...profile, bodyMode, clientAuth });
    evidence.push(found);
    return found;
  };
  const conclude = (client: Probe['client'], formData: Probe['formData']): Probe => ({
    client,
    formData,
    ...(client === 'accepted' && { recommended: recommendation[formData] }),
    logins: evidence.length,
    evidence,
  });

  const urlencoded = await ask('urlencoded', 'body');
  if (!isAccepted(urlencoded)) return conclude(urlencoded.reason ?? 'status-unexpected', 'unknown');
  const guide = await ask('formdata', 'body');
  if (isAccepted(guide)) return conclude('accepted', 'read');
  if (guide.reason !== 'form-data-not-read' || guide.status === 415) {
    return conclude('accepted', isClearRefusal(guide) ? 'not-read' : 'unknown');
  }
  const basic = await ask('formdata', 'basic');
  if (isAccepted(basic)) return conclude('accepted', 'read-with-basic');
  return conclude('accepted', isClearRefusal(basic) ? 'not-read' : 'unknown');
}

const recommendation: { readonly [F in Probe['formData']]: TokenRequestShape } = {
  read: { bodyMode: 'formdata', clientAuth: 'body' },
  'read-with-basic': { bodyMode: 'formdata', clientAuth: 'basic' },
  'not-read': { bodyMode: 'urlencoded', clientAuth: 'body' },
  // The server has just accepted it.
  unknown: { bodyMode: 'urlencoded', clientAuth: 'body' },
};

/** Body, client and grant are right if the server refused only the user. */
function isAccepted({ reason }: ProbeEvidence): boolean {
  return reason === undefined || reason === 'invalid-user-credentials';
}

/** Whether the server rejected the request itself, rather than being busy or broken. */
function isClearRefusal({ status = 0 }: ProbeEvidence): boolean {
  return status >= 400 && status < 500 && status !== 408 && status !== 429;
}

async function askOnce(connections: Connections, profile: LoginProfile): Promise<ProbeEvidence> {
  const { bodyMode, clientAuth } = profile;
  // No registry has names below .invalid (RFC 2606, 2), and the number is random.
  const username = `probe-${randomUUID()}@biotz-postman.invalid`;
  const password = randomUUID();
  const reply = await connections.send(tokenRequestWriter(profile)({ username, password }));
  if (reply.status === undefined) return { bodyMode, clientAuth, reason: reply.reason };
  const { status, text } = reply;
  const reason = explainTokenAnswer({ status, body: text, username, shape: profile, now: Date.now() });
  const { error, error_description: description } = parseObject(text) ?? {};
  return {
    bodyMode,
    clientAuth,
    status,
    ...(typeof error === 'string' && { error: plainOrLength(error, [password]) }),
    ...(typeof description === 'string' && { description: plainOrLength(description, [password]) }),
    ...(reason !== undefined && { reason }),
  };
}
