import { createHash, randomUUID, timingSafeEqual } from 'node:crypto';
import type { Device } from '../device/device.js';
import type { ReasonCode } from '../platform/reason.js';
import { type Answer, refusals, scopeInvalid } from './answer.js';
import { type Behaviour, type BodyKind, readsClient } from './behaviour.js';
import { grantScopes } from './scope.js';
import type { EndedSessions, Tokens } from './tokens.js';

/** A form sent to the token or logout endpoint. */
export interface FormRequest {
  readonly form: Form;
  readonly kind: BodyKind;
  readonly authorization: string | undefined;
  /** The issuer at the address that the client used. */
  readonly issuer: string;
}

/** Why an existing client may not log devices in. */
export type ClientRefusal = Extract<ReasonCode, 'client-needs-secret' | 'direct-grants-off'>;

/** The state that the endpoints share. */
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
 * Answers a token request (RFC 6749, 4.3 and 6). The order of the checks is Keycloak's, which
 * decides which of several mistakes is reported: grant, client, repeated fields, then what the grant requires.
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

/** Ends the session of a refresh token. A session that has ended already is not a mistake. */
export async function answerLogout(realm: Realm, request: FormRequest): Promise<Answer> {
  const refreshToken = field(request.form, 'refresh_token');
  // Keycloak shows a page that asks for confirmation, which the stand-in does not have.
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
 * The client's id, or a refusal. As in Keycloak, a client in the body takes precedence over HTTP Basic if the server reads
 * it there.
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
  // Keycloak reports this before it checks the password, and "not set up" only after.
  if (user.disabled === true) return refusals.accountDisabled;
  if (!passwordMatches(user, field(form, 'password') ?? '')) return refusals.credentialsInvalid;
  if (user.notSetUp === true) return refusals.accountNotSetUp;
  const body = await realm.tokens.issue({ issuer, username, sessionId: randomUUID(), scopes });
  return { status: 200, body };
}

/** Old refresh tokens of a session stay valid. The session keeps the scopes of its login. */
async function refresh(realm: Realm, clientId: string, { form, issuer }: FormRequest): Promise<Answer> {
  const refreshToken = field(form, 'refresh_token');
  if (refreshToken === undefined) return refusals.refreshTokenMissing;
  const scope = field(form, 'scope');
  // Keycloak 21 ignores the scope here.
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

/** Base64 with its padding (RFC 4648, 4). Node's own decoder skips all other characters. */
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/**
 * Reads a client id from HTTP Basic. Both halves are form-encoded before they are joined (RFC 6749, 2.3.1). The secret is
 * ignored, as in Keycloak, because the devices' client is public.
 *
 * @param authorization the header's value
 * @returns the client id; `undefined` if the header is not Basic or has no colon, which Keycloak ignores; `'malformed'` if
 *   it cannot be decoded, which Keycloak refuses
 */
export function basicClient(
  authorization: string | undefined,
): { readonly clientId: string } | 'malformed' | undefined {
  const encoded = /^Basic +(\S+)$/i.exec(authorization ?? '')?.[1];
  if (encoded === undefined) return undefined;
  if (!BASE64.test(encoded)) return 'malformed';
  const decoded = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = decoded.indexOf(':');
  if (colon < 0) return undefined;
  try {
    return { clientId: decodeURIComponent(decoded.slice(0, colon).replaceAll('+', ' ')) };
  } catch {
    return 'malformed';
  }
}

/** A request's form: each field's values in the order in which they were sent. */
export type Form = ReadonlyMap<string, readonly string[]>;

/**
 * Reads the result of a form parser: a value for each field, or an array if a field was sent more than once. Every other
 * body is an empty form, as for Keycloak 26.
 */
export function readForm(body: unknown): Form {
  const form = new Map<string, readonly string[]>();
  if (typeof body !== 'object' || body === null) return form;
  for (const [name, value] of Object.entries(body)) {
    const values: readonly unknown[] = Array.isArray(value) ? value : [value];
    form.set(
      name,
      values.filter((each) => typeof each === 'string'),
    );
  }
  return form;
}

/** The first value of a field; `undefined` if it was not sent. */
export function field(form: Form, name: string): string | undefined {
  return form.get(name)?.[0];
}

/** A user of the stand-in's realm, such as a {@link Device} of a credentials file. */
export interface StandInUser extends Pick<Device, 'username' | 'password'> {
  /** Whether the account may not log in: "Account disabled". */
  readonly disabled?: boolean;
  /** Whether the account has a required action left: "Account is not fully set up". */
  readonly notSetUp?: boolean;
}

/** Finds a user by lower-cased username. Keycloak stores and compares usernames in lower case. */
export type FindUser = (username: string) => StandInUser | undefined;

/** The users as a function. If two usernames differ only in case, the later user counts. */
export function userDirectory(users: Iterable<StandInUser> | FindUser): FindUser {
  if (typeof users === 'function') return users;
  const byUsername = new Map<string, StandInUser>();
  for (const user of users) byUsername.set(user.username.toLowerCase(), user);
  return (username) => byUsername.get(username);
}

/** Compares passwords in a time that does not depend on the first difference. */
function passwordMatches(user: StandInUser, password: string): boolean {
  return timingSafeEqual(digest(user.password.reveal()), digest(password));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
