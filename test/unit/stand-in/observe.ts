import type { BodyMode, ClientAuth } from '../../../src/platform/profile.js';
import type { ReasonCode } from '../../../src/platform/reason.js';
import { explainTokenAnswer } from '../../../src/platform/answers.js';
import type { Behaviour } from '../../../src/stand-in/behaviour.js';
import { caseRealm } from './case-realm.js';

/** Which tokens an answer has, or a refusal, and what the product should make of it. */
export interface Expected {
  readonly status: number;
  readonly tokens?: readonly string[];
  readonly body?: Readonly<Record<string, unknown>>;
  readonly reason: ReasonCode | undefined;
}

export interface KeycloakCase {
  readonly name: string;
  readonly bodyMode: BodyMode;
  readonly clientAuth: ClientAuth;
  /** Changes to the guide's five fields; `undefined` leaves one out. */
  readonly fields?: Readonly<Record<string, string | undefined>>;
  readonly realm?: string;
  readonly expected: Readonly<Record<Behaviour, Expected>>;
}

/** Sends a case to a server, and says what came of it. */
export async function observe(origin: string, sent: KeycloakCase): Promise<Expected> {
  const [user] = caseRealm.users;
  const fields: Readonly<Record<string, string | undefined>> = {
    grant_type: 'password',
    client_id: caseRealm.clientId,
    scope: 'openid',
    username: user.username,
    password: user.password,
    ...sent.fields,
  };
  const answer = await fetch(...tokenRequest(origin, sent, fields));
  const text = await answer.text();
  const { status } = answer;
  const reason = explainTokenAnswer({
    status,
    body: text,
    username: fields['username'] ?? '',
    shape: sent,
    now: Date.now(),
  });
  const body = JSON.parse(text) as Record<string, unknown>;
  if (status !== 200) return { status, body, reason };
  return { status, tokens: Object.keys(body).filter((name) => name.endsWith('_token')), reason };
}

/** The arguments of `fetch`. */
function tokenRequest(
  origin: string,
  sent: KeycloakCase,
  fields: Readonly<Record<string, string | undefined>>,
): [string, RequestInit] {
  const body = sent.bodyMode === 'formdata' ? new FormData() : new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) body.append(name, value);
  const basic = Buffer.from(`${fields['client_id'] ?? caseRealm.clientId}:`).toString('base64');
  const headers = { ...(sent.clientAuth === 'basic' && { authorization: `Basic ${basic}` }) };
  const realm = sent.realm ?? caseRealm.realm;
  return [`${origin}/realms/${realm}/protocol/openid-connect/token`, { method: 'POST', body, headers }];
}
