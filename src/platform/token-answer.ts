import type { TokenRequestShape } from './answers.js';
import { explainRefusal } from './answers.js';
import { parseObject } from './json-object.js';
import type { ReasonCode } from './reason.js';

/** What a token endpoint sent back, and for whom. */
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
  /** Absent where the client is given none. */
  readonly refreshToken: string | undefined;
  /** When the id_token expires, in milliseconds since 1970. */
  readonly expiresAt: number;
  /** Whether the id_token says whose it is; if it does, it is this user's. */
  readonly namesUser: boolean;
}

interface UnusableAnswer {
  readonly reason: ReasonCode;
  /** The body, where it is a JSON object. It may hold tokens. */
  readonly body: Readonly<Record<string, unknown>> | undefined;
}

/** Says what is wrong with a token endpoint's answer, or `undefined` where it can be used. */
export function explainTokenAnswer(exchange: TokenExchange): ReasonCode | undefined {
  return judgeTokenAnswer(exchange).reason;
}

/**
 * Takes the tokens out of a token endpoint's answer, or says what is wrong with it. The collection's test
 * script asks the same in the same order; test/templates/get-token-answers.test.ts holds the two together.
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
  const claims = decodeClaims(idToken);
  if (claims === undefined) return unusable('id-token-malformed');
  const { exp, preferred_username: owner } = claims;
  if (typeof exp !== 'number' || Math.abs(exp) > LATEST_TIME_S) return unusable('id-token-malformed');
  if ((exp + CLOCK_LEEWAY_S) * 1000 <= exchange.now) return unusable('id-token-expired');
  // Keycloak lower-cases user names, and leaves the claim out where the client has no `profile` scope.
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

/** The claims of a signed JWT, unverified; `undefined` where it is none (RFC 7519, 7.2; RFC 7515, 7.1). */
function decodeClaims(jwt: string): Record<string, unknown> | undefined {
  const [, header, payload] = /^([\w-]+)\.([\w-]+)\.[\w-]+$/.exec(jwt) ?? [];
  if (header === undefined || payload === undefined) return undefined;
  if (parseObject(decodeBase64Url(header)) === undefined) return undefined;
  return parseObject(decodeBase64Url(payload));
}

function decodeBase64Url(text: string): string {
  return Buffer.from(text, 'base64url').toString('utf8');
}

function isFilled(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
