import { parseObject } from '../text/json.js';
import type { BodyMode, ClientAuth } from './profile.js';
import type { ReasonCode } from './reason.js';

/** One refusal of a token endpoint and its meaning; the first row that fits counts. */
export interface TokenAnswer {
  readonly status: number;
  /** The JSON body's `error` (RFC 6749, 5.2); absent: any or none. */
  readonly error?: string;
  /** A part of the JSON body's `error_description`, or of `error` where Keycloak puts its prose; absent: any. */
  readonly says?: string;
  /** Fits only a request that named its client in a form-data body. */
  readonly formDataOnly?: true;
  readonly reason: ReasonCode;
}

/**
 * Keycloak's answers to token requests that it refuses, measured on 26.4.0 and 21.1.2
 * (docs/keycloak.md). `generate` copies this table into the collection's test script; the embedded platform
 * is tested against it.
 *
 * The same 401 `invalid_client` means "unknown client" or "form-data not read", so that the request's own
 * shape decides.
 */
export const tokenAnswers: readonly TokenAnswer[] = [
  { status: 401, error: 'invalid_grant', reason: 'invalid-user-credentials' },
  { status: 400, error: 'invalid_grant', says: 'Account disabled', reason: 'account-disabled' },
  { status: 400, error: 'invalid_grant', says: 'not fully set up', reason: 'account-not-set-up' },
  { status: 400, error: 'invalid_grant', reason: 'invalid-user-credentials' },
  { status: 401, error: 'invalid_client', formDataOnly: true, reason: 'form-data-not-read' },
  { status: 415, reason: 'form-data-not-read' },
  { status: 401, error: 'invalid_client', reason: 'client-unknown' },
  { status: 400, error: 'invalid_client', reason: 'client-unknown' },
  { status: 401, error: 'unauthorized_client', reason: 'client-needs-secret' },
  { status: 400, error: 'unauthorized_client', reason: 'direct-grants-off' },
  { status: 401, error: 'invalid_request', says: 'username', reason: 'username-not-received' },
  { status: 400, error: 'invalid_request', says: 'username', reason: 'username-not-received' },
  { status: 400, error: 'invalid_request', says: 'grant_type', reason: 'grant-unsupported' },
  { status: 400, error: 'invalid_scope', reason: 'scope-unknown' },
  { status: 400, error: 'unsupported_grant_type', reason: 'grant-unsupported' },
  { status: 404, says: 'Realm does not exist', reason: 'realm-unknown' },
  { status: 403, error: 'invalid_request', reason: 'https-required' },
  { status: 429, reason: 'rate-limited' },
];

/** How the request whose answer is explained was sent. */
export interface TokenRequestShape {
  readonly bodyMode: BodyMode;
  readonly clientAuth: ClientAuth;
}

/** The body of a token endpoint's refusal, as far as it could be read. */
export interface RefusalBody {
  readonly error?: unknown;
  readonly error_description?: unknown;
}

/**
 * Says why a token endpoint did not answer 200.
 *
 * @param status the HTTP status, 100 to 599 and not 200
 * @param body the parsed JSON body; `undefined` if it is not JSON
 */
export function explainRefusal(
  status: number,
  body: RefusalBody | undefined,
  { bodyMode, clientAuth }: TokenRequestShape,
): ReasonCode {
  const formData = bodyMode === 'formdata' && clientAuth === 'body';
  const prose = [body?.error, body?.error_description].filter((value) => typeof value === 'string').join(' ');
  const answer = tokenAnswers.find(
    (row) =>
      row.status === status &&
      (row.error === undefined || row.error === body?.error) &&
      (row.says === undefined || prose.includes(row.says)) &&
      (row.formDataOnly === undefined || formData),
  );
  if (answer !== undefined) return answer.reason;
  if (status >= 300 && status < 400) return 'redirected';
  return status >= 500 ? 'server-error' : 'status-unexpected';
}

/** An answer of a token endpoint, and the login that it answers. */
export interface TokenExchange {
  /** The HTTP status. */
  readonly status: number;
  /** The body's text. */
  readonly body: string;
  /** The HTTP username that was sent. */
  readonly username: string;
  readonly shape: TokenRequestShape;
  /** The time to judge expiry by, in milliseconds since 1970. */
  readonly now: number;
}

/** How far a server's clock may be ahead or behind before a fresh token counts as expired, in seconds. */
export const CLOCK_LEEWAY_S = 60;

/** The latest time that a Date can hold, in seconds since 1970 (ECMA-262, 21.4.1.1). */
const LATEST_TIME_S = 8.64e12;

/** An answer as far as it could be read. */
export type JudgedAnswer = UsableAnswer | UnusableAnswer;

export interface UsableAnswer {
  readonly reason: undefined;
  readonly accessToken: string;
  readonly idToken: string;
  /** Absent if the client gets no refresh token. */
  readonly refreshToken: string | undefined;
  /** When the id_token expires, in milliseconds since 1970. */
  readonly expiresAt: number;
  /** Whether the id_token says whose it is; if it does, it is this user's. */
  readonly namesUser: boolean;
}

interface UnusableAnswer {
  readonly reason: ReasonCode;
  /** The body, if it is a JSON object. It may hold tokens. */
  readonly body: Readonly<Record<string, unknown>> | undefined;
}

/** Explains what is wrong with a token endpoint's answer; `undefined`: it can be used. */
export function explainTokenAnswer(exchange: TokenExchange): ReasonCode | undefined {
  return judgeTokenAnswer(exchange).reason;
}

/**
 * Reads the tokens in a token endpoint's answer, or explains what is wrong with it. The collection's test
 * script makes the same checks in the same order; test/unit/templates/get-token-answers.test.ts holds the two together.
 * Only the script can meet an environment without a username, and says so by itself.
 */
export function judgeTokenAnswer(exchange: TokenExchange): JudgedAnswer {
  const body = parseObject(exchange.body);
  const unusable = (reason: ReasonCode): UnusableAnswer => ({ reason, body });
  if (exchange.status !== 200) return unusable(explainRefusal(exchange.status, body, exchange.shape));
  if (body === undefined) return unusable('answer-not-json');
  const {
    access_token: accessToken,
    token_type: tokenType,
    id_token: idToken,
    refresh_token: refreshToken,
  } = body;
  if (!isFilled(accessToken)) return unusable('access-token-missing');
  // RFC 6749, 5.1: the value is case-insensitive.
  if (typeof tokenType !== 'string' || tokenType.toLowerCase() !== 'bearer') {
    return unusable('token-type-unexpected');
  }
  if (!isFilled(idToken)) return unusable('id-token-missing');
  const claims = readClaims(idToken);
  if (typeof claims === 'string') return unusable(claims);
  const { exp, preferred_username: owner } = claims;
  if (typeof exp !== 'number' || Math.abs(exp) > LATEST_TIME_S) return unusable('id-token-malformed');
  if ((exp + CLOCK_LEEWAY_S) * 1000 <= exchange.now) return unusable('id-token-expired');
  // Keycloak lower-cases user names, and omits the claim if the client has no `profile` scope.
  const namesUser = owner !== undefined;
  const isOwn = typeof owner === 'string' && owner.toLowerCase() === exchange.username.toLowerCase();
  if (namesUser && !isOwn) return unusable('id-token-of-another-user');
  return {
    reason: undefined,
    accessToken,
    idToken,
    refreshToken: isFilled(refreshToken) ? refreshToken : undefined,
    expiresAt: exp * 1000,
    namesUser,
  };
}

/**
 * Keycloak's names for its other tokens in the claim `typ`; an id_token is `ID` there.
 *
 * @see https://github.com/keycloak/keycloak/blob/26.4.0/core/src/main/java/org/keycloak/util/TokenUtil.java
 */
const otherKinds = /^(Bearer|DPoP|Refresh|Offline|Logout|Serialized-ID)$/i;

/** The claims of an id_token, unverified, or why it cannot be used as one (RFC 7519, 7.2; RFC 7515, 7.1). */
function readClaims(jwt: string): Record<string, unknown> | ReasonCode {
  const [head = '', payload = '', signature = '', ...more] = jwt.split('.', 6);
  if (!isBase64Url(head)) return 'id-token-malformed';
  const header = parseObject(decodeBase64Url(head));
  // RFC 7516, 7.1 and 4.1.2: header, key, initialization vector, ciphertext and tag.
  if (more.length === 2 && isFilled(header?.['enc'])) return 'id-token-encrypted';
  if (more.length > 0 || !isBase64Url(payload) || !isBase64Url(signature)) return 'id-token-malformed';
  const claims = parseObject(decodeBase64Url(payload));
  if (header === undefined || claims === undefined) return 'id-token-malformed';
  // Kinds of their own are `at+jwt` (RFC 9068, 2.1), `logout+jwt` and the like (RFC 8725, 3.11).
  const { typ: kind } = header;
  const { typ: keycloakKind } = claims;
  const isOther =
    (isFilled(kind) && /\+jwt$/i.test(kind)) || (isFilled(keycloakKind) && otherKinds.test(keycloakKind));
  return isOther ? 'id-token-of-another-kind' : claims;
}

function isBase64Url(text: string): boolean {
  return /^[\w-]+$/.test(text);
}

function decodeBase64Url(text: string): string {
  return Buffer.from(text, 'base64url').toString('utf8');
}

function isFilled(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

/**
 * Says why the ingestion endpoint did not take a message, or `undefined` if it did. The collection's test script
 * asks the same in the same order; test/unit/templates/publish-data.test.ts holds the two together.
 *
 * @param status the HTTP status
 * @param body the body's text
 */
export function explainPublishAnswer(status: number, body: string): ReasonCode | undefined {
  const answer = parseObject(body);
  if (status === 200 && answer?.['success?'] === true) return undefined;
  // The platform answers 404 to a missing or expired token; a gateway before it would answer 401.
  const isUnauthorized =
    status === 401 || (status === 404 && answer?.['error'] === 'Authentication required');
  return isUnauthorized ? 'publish-unauthorized' : 'publish-refused';
}
