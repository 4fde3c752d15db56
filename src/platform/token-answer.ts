import type { TokenRequestShape } from './answers.js';
import { explainRefusal } from './answers.js';
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
const CLOCK_LEEWAY_S = 60;

/** The latest time that a Date can hold, in seconds since 1970 (ECMA-262, 21.4.1.1). */
const LATEST_TIME_S = 8.64e12;

/**
 * Says what is wrong with a token endpoint's answer, or `undefined` where it can be used. The collection's
 * test script asks the same in the same order; test/templates/get-token-answers.test.ts holds the two
 * together. Only the script can meet an environment without a username, and says so by itself.
 */
export function explainTokenAnswer(exchange: TokenExchange): ReasonCode | undefined {
  const body = parseObject(exchange.body);
  if (exchange.status !== 200) return explainRefusal(exchange.status, body, exchange.shape);
  if (body === undefined) return 'answer-not-json';
  const { access_token: accessToken, token_type: tokenType, id_token: idToken } = body;
  if (!isFilled(accessToken)) return 'access-token-missing';
  // RFC 6749, 5.1: the value is case-insensitive.
  if (typeof tokenType !== 'string' || tokenType.toLowerCase() !== 'bearer') return 'token-type-unexpected';
  if (!isFilled(idToken)) return 'id-token-missing';
  const claims = decodeClaims(idToken);
  if (claims === undefined) return 'id-token-malformed';
  const { exp, preferred_username: owner } = claims;
  if (typeof exp !== 'number' || Math.abs(exp) > LATEST_TIME_S) return 'id-token-malformed';
  if ((exp + CLOCK_LEEWAY_S) * 1000 <= exchange.now) return 'id-token-expired';
  // Keycloak lower-cases user names, and leaves the claim out where the client has no `profile` scope.
  if (owner === undefined) return undefined;
  const isOwn = typeof owner === 'string' && owner.toLowerCase() === exchange.username.toLowerCase();
  return isOwn ? undefined : 'id-token-of-another-user';
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

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    // Not JSON is an answer here, and the parser's message would quote the text.
    return undefined;
  }
}

function isFilled(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
