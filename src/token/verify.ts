import type { ReasonCode } from '../platform/reason.js';
import { CLOCK_LEEWAY_S } from '../platform/answers.js';
import type { Connections } from '../http/connections.js';
import type { Realm } from './discovery.js';
import { KeysUnavailableError, KeySet, type SignatureVerdict } from './key-set.js';
import { isAccepted, readSignedToken, type SignedToken } from './signed-token.js';

/** Verifies an id_token with the realm's keys; `undefined`: it is genuine, and meant for this client. Never rejects. */
export type VerifyIdToken = (idToken: string) => Promise<ReasonCode | undefined>;

export interface IdTokenVerifier {
  /** Reads the keys before the first token needs them; `undefined`: they could be read. */
  prepare(): Promise<ReasonCode | undefined>;
  readonly verify: VerifyIdToken;
}

export interface VerifierOptions {
  /** To the realm's server. */
  readonly connections: Connections;
  readonly realm: Pick<Realm, 'issuer' | 'jwksUrl'>;
  readonly clientId: string;
  /** Shortest time between two readings of the keys; 30,000 ms by default. */
  readonly cooldownMs?: number;
  /** The time, in milliseconds since 1970. */
  readonly now?: () => number;
}

/**
 * Creates a verifier of id_tokens (OpenID Connect Core, 3.1.3.7): signature, issuer, audience and times.
 * `explainTokenAnswer` has already compared the user. Let it verify many tokens concurrently: signatures are verified on
 * other threads.
 */
export function createVerifier(options: VerifierOptions): IdTokenVerifier {
  const { connections, realm, clientId, cooldownMs = 30_000, now = Date.now } = options;
  const keys = new KeySet({ connections, jwksUrl: realm.jwksUrl, cooldownMs, now });
  return {
    async prepare() {
      try {
        await keys.prepare();
        return undefined;
      } catch {
        return 'keys-unavailable';
      }
    },
    async verify(idToken) {
      const token = readSignedToken(idToken);
      if (token === undefined) return 'id-token-malformed';
      // Only algorithms with a public key are accepted: any other token could have been made by anyone.
      if (!isAccepted(token.alg)) return 'id-token-algorithm-refused';
      const distrust = await explainSignature(keys, token);
      return distrust ?? explainClaims(token.claims, realm.issuer, clientId, now() / 1000);
    },
  };
}

const reasonByVerdict: { readonly [V in SignatureVerdict]: ReasonCode | undefined } = {
  valid: undefined,
  invalid: 'id-token-signature-invalid',
  unknown: 'id-token-key-unknown',
};

async function explainSignature(keys: KeySet, token: SignedToken): Promise<ReasonCode | undefined> {
  try {
    return reasonByVerdict[await keys.verify(token)];
  } catch (error) {
    if (error instanceof KeysUnavailableError) return 'keys-unavailable';
    throw error;
  }
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
