import { compactVerify, errors } from 'jose';
import { parseObject } from '../platform/json-object.js';
import type { ReasonCode } from '../platform/reason.js';
import { CLOCK_LEEWAY_S } from '../platform/token-answer.js';
import type { Connections } from './connections.js';
import type { Realm } from './discovery.js';
import { KeysUnavailableError, KeySet } from './key-set.js';

/** Holds an id_token against the realm's keys; `undefined`: it is genuine, and meant for us. Never rejects. */
export type VerifyIdToken = (idToken: string) => Promise<ReasonCode | undefined>;

export interface IdTokenVerifier {
  /** Reads the keys before the first token asks for them; `undefined`: they are there. */
  prepare(): Promise<ReasonCode | undefined>;
  readonly verify: VerifyIdToken;
}

export interface VerifierOptions {
  /** To the realm's server. */
  readonly connections: Connections;
  readonly realm: Pick<Realm, 'issuer' | 'jwksUrl'>;
  readonly clientId: string;
  /** How long what is not among the keys counts as unknown, before they are read again; 30,000 ms. */
  readonly cooldownMs?: number;
  /** The time, in milliseconds since 1970. */
  readonly now?: () => number;
}

/**
 * Those that verify with a public key (RFC 7518, 3.1; RFC 8037; RFC 9864). With HMAC, or without a signature,
 * anybody could have made the token. Of these, only what the realm's keys are made for is taken.
 */
const algorithms = 'RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA Ed25519'.split(' ');

/**
 * Makes a verifier of id_tokens (OpenID Connect Core, 3.1.3.7): signature, issuer, audience and times. Whose
 * the token is, `explainTokenAnswer` has said already. Let it verify many at a time: signatures are checked on
 * other threads.
 *
 * Not with jose's `jwtVerify`, which costs a quarter more for the same checks of a few claims.
 */
export function createVerifier(options: VerifierOptions): IdTokenVerifier {
  const { connections, realm, clientId, cooldownMs = 30_000, now = Date.now } = options;
  const keys = new KeySet({ connections, jwksUrl: realm.jwksUrl, cooldownMs, now });
  const decoder = new TextDecoder();
  return {
    async prepare() {
      try {
        await keys.prepare();
        return undefined;
      } catch (error) {
        return reasonOf(error);
      }
    },
    async verify(idToken) {
      try {
        const { payload } = await compactVerify(idToken, keys.keyOf, { algorithms });
        const claims = parseObject(decoder.decode(payload));
        return claims === undefined
          ? 'id-token-malformed'
          : explainClaims(claims, realm.issuer, clientId, now() / 1000);
      } catch (error) {
        return reasonOf(error);
      }
    },
  };
}

/** @param now in seconds since 1970, as claims have it (RFC 7519, 2) */
function explainClaims(
  { iss, aud, azp, exp, nbf }: Readonly<Record<string, unknown>>,
  issuer: string,
  clientId: string,
  now: number,
): ReasonCode | undefined {
  if (iss !== issuer) return 'id-token-issuer-unexpected';
  // RFC 7519, 4.1.3: one or a list.
  const isMeant = azp === clientId || aud === clientId || (Array.isArray(aud) && aud.includes(clientId));
  if (!isMeant) return 'id-token-audience-unexpected';
  if (typeof exp !== 'number' || (nbf !== undefined && typeof nbf !== 'number')) return 'id-token-malformed';
  if (exp + CLOCK_LEEWAY_S <= now) return 'id-token-expired';
  return nbf !== undefined && nbf - CLOCK_LEEWAY_S > now ? 'id-token-not-yet-valid' : undefined;
}

function reasonOf(error: unknown): ReasonCode {
  if (error instanceof KeysUnavailableError) return 'keys-unavailable';
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'id-token-signature-invalid';
  if (error instanceof errors.JOSEAlgNotAllowed || error instanceof errors.JOSENotSupported) {
    return 'id-token-algorithm-refused';
  }
  if (error instanceof errors.JWSInvalid) return 'id-token-malformed';
  // No key, several without a name, one that is damaged, too short or private.
  return 'id-token-key-unknown';
}
