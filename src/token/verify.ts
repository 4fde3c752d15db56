import type { ReasonCode } from '../platform/reason.js';
import { CLOCK_LEEWAY_S } from '../platform/answers.js';
import type { Connections } from '../http/connections.js';
import type { Realm } from './discovery.js';
import { KeysUnavailableError, KeySet, type SignatureVerdict } from './key-set.js';
import { isAccepted, readSignedToken, type SignedToken } from './signed-token.js';

/** Verifies an id_token with the realm's keys; `undefined`: it is genuine, and for this client. Never rejects. */
export type VerifyIdToken = (idToken: string) => Promise<ReasonCode | undefined>;

export interface IdTokenVerifier {
  /** Reads the keys before the first token needs them; `undefined`: success. */
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
 * Makes a verifier of id_tokens (OpenID Connect Core, 3.1.3.7): signature, issuer, audience and times.
 * `explainTokenAnswer` has already checked the owner. Let it verify many tokens at once: signatures are checked on other
 * threads.
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
      // Only what the realm's keys are made for is taken, and no algorithm that lets every client sign.
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
