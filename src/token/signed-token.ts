import { constants, type KeyObject, verify } from 'node:crypto';
import { parseObject } from '../text/json.js';

/** A JWS in compact form (RFC 7515, 7.1), whose signature has not been verified yet. */
export interface SignedToken {
  /** Names one of {@link algorithms}, or something that is not accepted. */
  readonly alg: string;
  /** The name of the key; not every token has one. */
  readonly kid: string | undefined;
  readonly claims: Readonly<Record<string, unknown>>;
  /** The signed text: header and payload as they were sent. */
  readonly content: Buffer;
  readonly signature: Buffer;
}

/** Reads a JWS; `undefined` if the text is not one, or requires an unknown extension (RFC 7515, 4.1.11). */
export function readSignedToken(token: string): SignedToken | undefined {
  const [, head = '', payload = '', signature = ''] = /^([\w-]+)\.([\w-]+)\.([\w-]+)$/.exec(token) ?? [];
  const header = parseObject(decoded(head).toString('utf8'));
  const claims = parseObject(decoded(payload).toString('utf8'));
  if (header === undefined || claims === undefined || 'crit' in header) return undefined;
  const { alg, kid } = header;
  if (typeof alg !== 'string' || (kid !== undefined && typeof kid !== 'string')) return undefined;
  const content = Buffer.from(token.slice(0, head.length + 1 + payload.length), 'latin1');
  return { alg, kid, claims, content, signature: decoded(signature) };
}

function decoded(text: string): Buffer {
  return Buffer.from(text, 'base64url');
}

interface Algorithm {
  /** The types of keys, or curves of elliptic ones, that Node has for it. */
  readonly keys: readonly string[];
  /** `null`: the algorithm has its own. */
  readonly hash: string | null;
  readonly padding?: number;
  readonly saltLength?: number;
  readonly dsaEncoding?: 'ieee-p1363';
}

const rsa = { keys: ['rsa'] } as const;
const pss = {
  keys: ['rsa', 'rsa-pss'],
  padding: constants.RSA_PKCS1_PSS_PADDING,
  saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
} as const;
const ecdsa = (curve: string) => ({ keys: [curve], dsaEncoding: 'ieee-p1363' }) as const;

/**
 * The algorithms that verify with a public key (RFC 7518, 3.3 to 3.5; RFC 8037, 3.1; RFC 8812, 3.2; RFC 9864, 2.2). A token
 * with HMAC or without a signature proves nothing about its issuer.
 */
const algorithms: ReadonlyMap<string, Algorithm> = new Map<string, Algorithm>([
  ['RS256', { hash: 'sha256', ...rsa }],
  ['RS384', { hash: 'sha384', ...rsa }],
  ['RS512', { hash: 'sha512', ...rsa }],
  ['PS256', { hash: 'sha256', ...pss }],
  ['PS384', { hash: 'sha384', ...pss }],
  ['PS512', { hash: 'sha512', ...pss }],
  ['ES256', { hash: 'sha256', ...ecdsa('prime256v1') }],
  ['ES384', { hash: 'sha384', ...ecdsa('secp384r1') }],
  ['ES512', { hash: 'sha512', ...ecdsa('secp521r1') }],
  ['ES256K', { hash: 'sha256', ...ecdsa('secp256k1') }],
  ['EdDSA', { hash: null, keys: ['ed25519', 'ed448'] }],
  ['Ed25519', { hash: null, keys: ['ed25519'] }],
  ['Ed448', { hash: null, keys: ['ed448'] }],
]);

export const acceptedAlgorithms: readonly string[] = [...algorithms.keys()];

export function isAccepted(alg: string): boolean {
  return algorithms.has(alg);
}

/** Whether a key is of the type, and on the curve, that an algorithm is for. */
export function isKeyFor(alg: string, { asymmetricKeyType, asymmetricKeyDetails }: KeyObject): boolean {
  return (
    algorithms.get(alg)?.keys.includes(asymmetricKeyDetails?.namedCurve ?? asymmetricKeyType ?? '') === true
  );
}

/**
 * Verifies a signature, on another thread. It uses Node's own crypto: jose uses Web Crypto, which costs half as much again
 * (docs/token.md).
 *
 * @param key one that is made for the token's algorithm
 */
export function isSignedBy(key: KeyObject, { alg, content, signature }: SignedToken): Promise<boolean> {
  const algorithm = algorithms.get(alg);
  if (algorithm === undefined) return Promise.resolve(false);
  const { hash, keys: _, ...how } = algorithm;
  return new Promise((resolve) => {
    verify(hash, content, { key, ...how }, signature, (error, isValid) => resolve(error === null && isValid));
  });
}
