import { randomUUID } from 'node:crypto';
import type { ReasonCode } from '../platform/reason.js';
import { refusals, scopeInvalid, type Answer } from './answer.js';
import { basicClient } from './basic-auth.js';
import { readsClient, type Behaviour, type BodyKind } from './behaviour.js';
import { field, type Form } from './form.js';
import { grantScopes } from './scope.js';
import type { EndedSessions } from './sessions.js';
import type { Tokens } from './tokens.js';
import { passwordMatches, type FindUser } from './user.js';

/** A form sent to the token or logout endpoint. */
export interface FormRequest {
  readonly form: Form;
  readonly kind: BodyKind;
  readonly authorization: string | undefined;
  /** The issuer under which the client reached the server. */
  readonly issuer: string;
}

/** Why a client that exists may not log devices in. */
export type ClientRefusal = Extract<ReasonCode, 'client-needs-secret' | 'direct-grants-off'>;

/** What the endpoints know. */
export interface Realm {
  readonly behaviour: Behaviour;
  readonly clientId: string;
  readonly refusedClients: ReadonlyMap<string, ClientRefusal>;
  readonly profileByDefault: boolean;
  readonly findUser: FindUser;
  readonly tokens: Tokens;
  readonly endedSessions: EndedSessions;
}

/**
 * Answers a token request (RFC 6749, 4.3 and 6). The order of the checks is Keycloak's, because it decides
 * which of several mistakes is answered: grant, client, repeated fields, then what the grant needs.
 */
export async function answerTokenRequest(realm: Realm, request: FormRequest): Promise<Answer> {
  const grant = field(request.form, 'grant_type');
  if (grant === undefined) return refusals.grantMissing;
  if (grant !== 'password' && grant !== 'refresh_token') return refusals.grantUnsupported;
  const clientId = authenticateClient(realm, request);
  if (typeof clientId === 'object') return clientId;
  if ([...request.form.values()].some((values) => values.length > 1)) return refusals.fieldRepeated;
  return grant === 'password' ? login(realm, clientId, request) : refresh(realm, clientId, request);
}

/** Ends the session of a refresh token; a session that is gone already is no mistake. */
export async function answerLogout(realm: Realm, request: FormRequest): Promise<Answer> {
  const refreshToken = field(request.form, 'refresh_token');
  // Without one Keycloak shows a page that asks for confirmation. There is nobody here to confirm.
  if (refreshToken === undefined) return refusals.refreshTokenMissing;
  const clientId = authenticateClient(realm, request);
  if (typeof clientId === 'object') return clientId;
  const session = await realm.tokens.readRefreshToken(refreshToken);
  if (session === undefined || session === 'expired') return refusals.refreshTokenInvalid;
  if (clientId !== realm.clientId) return refusals.refreshTokenOfAnotherClient;
  realm.endedSessions.end(session.sessionId);
  return { status: 204 };
}

/**
 * The client's id, or why there is none. The client in a body that is read for it wins over HTTP Basic, as
 * Keycloak has it.
 */
function authenticateClient(realm: Realm, { form, kind, authorization }: FormRequest): string | Answer {
  const basic = basicClient(authorization);
  if (basic === 'malformed') return refusals.basicMalformed;
  const inBody = readsClient(realm.behaviour, kind) ? field(form, 'client_id') : undefined;
  const clientId = inBody ?? basic?.clientId;
  if (clientId === undefined) return refusals.clientInvalid;
  if (clientId === realm.clientId) return clientId;
  const refusal = realm.refusedClients.get(clientId);
  if (refusal === 'client-needs-secret') return refusals.clientNeedsSecret;
  return refusal === undefined ? refusals.clientInvalid : clientId;
}

async function login(realm: Realm, clientId: string, { form, issuer }: FormRequest): Promise<Answer> {
  if (clientId !== realm.clientId) return refusals.directGrantsOff;
  const scope = field(form, 'scope');
  const scopes = grantScopes(scope, realm);
  if (scopes === undefined) return scopeInvalid(scope ?? '');
  const username = field(form, 'username')?.toLowerCase();
  if (username === undefined) return refusals.usernameMissing;
  const user = realm.findUser(username);
  if (user === undefined) return refusals.credentialsInvalid;
  // Keycloak says so before it looks at the password, and "not set up" only after.
  if (user.disabled === true) return refusals.accountDisabled;
  if (!passwordMatches(user, field(form, 'password') ?? '')) return refusals.credentialsInvalid;
  if (user.notSetUp === true) return refusals.accountNotSetUp;
  const body = await realm.tokens.issue({ issuer, username, sessionId: randomUUID(), scopes });
  return { status: 200, body };
}

/** Old refresh tokens of a session stay good, and it keeps the scopes of its login. */
async function refresh(realm: Realm, clientId: string, { form, issuer }: FormRequest): Promise<Answer> {
  const refreshToken = field(form, 'refresh_token');
  if (refreshToken === undefined) return refusals.refreshTokenMissing;
  const scope = field(form, 'scope');
  // Keycloak 21 does not look at the scope here.
  if (realm.behaviour !== 'keycloak-21' && grantScopes(scope, realm) === undefined) {
    return scopeInvalid(scope ?? '');
  }
  const session = await realm.tokens.readRefreshToken(refreshToken);
  if (session === undefined) return refusals.refreshTokenInvalid;
  if (session === 'expired') return refusals.refreshTokenExpired;
  if (clientId !== realm.clientId) return refusals.refreshTokenOfAnotherClient;
  if (realm.endedSessions.has(session.sessionId)) return refusals.sessionEnded;
  return { status: 200, body: await realm.tokens.issue({ ...session, issuer }) };
}
