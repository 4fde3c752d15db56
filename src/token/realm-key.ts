import { createPublicKey, type JsonWebKey, type KeyObject, X509Certificate } from 'node:crypto';
import { isAccepted, isKeyFor } from './signed-token.js';

/** RFC 7518, 3.3 and 3.5. */
const SHORTEST_RSA_BITS = 2048;

/** A key of a realm's key set (RFC 7517, 4), as far as it could be read. */
export interface RealmKey {
  readonly kid: string | undefined;
  /** The algorithm that it is for; absent: every one that its type can do. */
  readonly alg: string | undefined;
  readonly isForSignatures: boolean;
  /** Absent: private, symmetric, of an unknown type or damaged. */
  readonly key: KeyObject | undefined;
  readonly isLongEnough: boolean;
}

/** A key that verifies signatures. */
export type UsableKey = RealmKey & { readonly key: KeyObject };

/** @returns `undefined` if it is not an object */
export function readRealmKey(value: unknown): RealmKey | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { kid, alg, use, key_ops: operations, ...jwk } = value as JsonWebKey;
  const key = imported(jwk);
  const bits = key?.asymmetricKeyDetails?.modulusLength ?? SHORTEST_RSA_BITS;
  const isVerifying = !Array.isArray(operations) || operations.includes('verify');
  return {
    kid: typeof kid === 'string' ? kid : undefined,
    alg: typeof alg === 'string' ? alg : undefined,
    isForSignatures: (use === undefined || use === 'sig') && isVerifying,
    key,
    isLongEnough: bits >= SHORTEST_RSA_BITS,
  };
}

/** Whether a key verifies signatures of any algorithm that is accepted. */
export function isUsable(found: RealmKey): found is UsableKey {
  const { key, alg, isForSignatures, isLongEnough } = found;
  return key !== undefined && isForSignatures && isLongEnough && (alg === undefined || isAccepted(alg));
}

/** Whether a signature of this algorithm may be this key's. */
export function isFor(alg: string, { alg: own, key }: UsableKey): boolean {
  return (own === undefined || family(own) === family(alg)) && isKeyFor(alg, key);
}

/** Ed25519 and Ed448 are EdDSA with a curve in its name (RFC 9864, 2.2); the key tells the curve. */
const family = (alg: string) => (/^Ed(25519|448)$/.test(alg) ? 'EdDSA' : alg);

function imported({ x5c, ...jwk }: JsonWebKey): KeyObject | undefined {
  // A key whose private half everybody can read proves nothing.
  if ('d' in jwk) return undefined;
  const [certificate]: readonly unknown[] = Array.isArray(x5c) ? x5c : [];
  try {
    // RFC 7517, 4.7: the first certificate has the key, and some sets have nothing else.
    const isBare = !('n' in jwk) && !('x' in jwk) && typeof certificate === 'string';
    if (isBare) return new X509Certificate(Buffer.from(certificate, 'base64')).publicKey;
    return createPublicKey({ key: jwk, format: 'jwk' });
  } catch {
    return undefined;
  }
}
