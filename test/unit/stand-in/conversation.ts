import { createRemoteJWKSet, decodeJwt, jwtVerify, type JWTPayload } from 'jose';
import type { Behaviour } from '../../../src/stand-in/behaviour.js';
import type { caseRealm } from './case-realm.js';
import { json, loginFields, postForm } from './platform.js';

/** Where a conversation takes place. */
export interface Place {
  /** The realm's issuer. */
  readonly issuer: string;
  readonly clientId: string;
}

/** Requests that belong together, or are none of the guide's, and what they show. */
export interface Conversation {
  readonly name: string;
  /** Default: the devices' client, whatever it signs with. */
  readonly clientId?: keyof typeof caseRealm.clients;
  readonly talk: (place: Place) => Promise<unknown>;
  readonly expected: Readonly<Record<Behaviour, unknown>>;
}

type Fields = Readonly<Record<string, string>>;

export const everywhere = (expected: unknown): Conversation['expected'] => ({
  gateway: expected,
  'keycloak-26': expected,
  'keycloak-21': expected,
});

/** What {@link seen} gives for a refusal. */
export const refused = (status: number, error: string, says?: string): unknown => [
  status,
  { error, ...(says !== undefined && { error_description: says }) },
];

/** The status, and the body where there is one. */
export async function seen(answer: Response): Promise<unknown> {
  const text = await answer.text();
  return text === '' ? [answer.status] : [answer.status, JSON.parse(text)];
}

export const tokenUrl = ({ issuer }: Place) => `${issuer}/protocol/openid-connect/token`;
export const logoutUrl = ({ issuer }: Place) => `${issuer}/protocol/openid-connect/logout`;

/** The guide's fields for the place's client. */
export const fieldsAt = ({ clientId }: Place, changes: Fields = {}) =>
  loginFields({ client_id: clientId, ...changes });

export async function login(place: Place, changes?: Fields): Promise<Record<string, unknown>> {
  return json(await postForm(tokenUrl(place), fieldsAt(place, changes)));
}

export const refresh = (place: Place, token: unknown, changes: Fields = {}) =>
  postForm(tokenUrl(place), {
    grant_type: 'refresh_token',
    client_id: place.clientId,
    refresh_token: String(token),
    ...changes,
  });

export const logout = (place: Place, token: unknown, changes: Fields = {}) =>
  postForm(logoutUrl(place), { client_id: place.clientId, refresh_token: String(token), ...changes });

/** The claims of one of an answer's tokens, unverified. */
export const claims = (answer: Record<string, unknown>, kind: 'access_token' | 'id_token'): JWTPayload =>
  decodeJwt(String(answer[kind]));

/** What an answer's tokens say, once the id token has been verified by the keys that the realm publishes. */
export async function tokensOf(
  { issuer, clientId }: Place,
  answer: Record<string, unknown>,
): Promise<object> {
  const keys = createRemoteJWKSet(new URL(`${issuer}/protocol/openid-connect/certs`));
  const { payload: id, protectedHeader } = await jwtVerify(String(answer['id_token']), keys, {
    issuer,
    audience: clientId,
  });
  const access = claims(answer, 'access_token');
  return {
    header: { alg: protectedHeader.alg, typ: protectedHeader.typ },
    types: [id['typ'], access['typ']],
    isOfThisClient: id['azp'] === clientId && access['azp'] === clientId,
    isOfThisSession: id['sid'] === answer['session_state'] && access['sid'] === answer['session_state'],
    isOfOneSubject: id.sub !== undefined && id.sub === access.sub,
    user: id['preferred_username'],
    lifetimeS: (id.exp ?? 0) - (id.iat ?? 0),
    // Keycloak counts the whole seconds that the session still has; it began a moment ago.
    refreshExpiresIn: Math.ceil(Number(answer['refresh_expires_in']) / 5) * 5,
    hasRefreshToken: 'refresh_token' in answer,
  };
}
