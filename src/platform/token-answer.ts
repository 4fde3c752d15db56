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

/**
 * Says what is wrong with a token endpoint's answer, or `undefined` where it can be used. The collection's
 * test script asks the same in the same order; a test holds the two together.
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
  if (typeof exp !== 'number') return 'id-token-malformed';
  if ((exp + CLOCK_LEEWAY_S) * 1000 <= exchange.now) return 'id-token-expired';
  // Keycloak lower-cases user names, and leaves the claim out where the client has no `profile` scope.
  if (typeof owner === 'string' && owner.toLowerCase() !== exchange.username.toLowerCase()) {
    return 'id-token-of-another-user';
  }
  return undefined;
}

/** The claims of a JWT, unverified; `undefined` where it is none (RFC 7519, 7.2). */
function decodeClaims(jwt: string): Record<string, unknown> | undefined {
  const [header, payload, signature, ...rest] = jwt.split('.');
  if (header === undefined || payload === undefined || signature === undefined || rest.length > 0)
    return undefined;
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
