import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import type { Connections } from '../http/connections.js';
import type { Realm } from '../token/discovery.js';
import { fetchDocument } from '../token/json-document.js';
import { SHORTEST_RSA_BITS } from '../token/key-set.js';
import { isAccepted } from '../token/signed-token.js';
import { type Finding, finding, known } from './finding.js';

/** A realm has a handful of keys. */
const MOST_SHOWN = 20;

/** Reads the realm's public keys (RFC 7517, 5), without which no signature can be checked. */
export async function checkKeys(
  connections: Connections,
  { jwksUrl }: Pick<Realm, 'jwksUrl'>,
): Promise<readonly Finding[]> {
  const { document, reason } = await fetchDocument(connections, jwksUrl);
  if (document === undefined) return [known('keys', 'failure', reason, { url: jwksUrl })];
  const list: readonly unknown[] = Array.isArray(document['keys']) ? document['keys'] : [];
  const keys = list.filter((key): key is JsonWebKey => typeof key === 'object' && key !== null).map(describe);
  const evidence = { keys: keys.slice(0, MOST_SHOWN).map(({ text }) => text) };
  const usable = keys.filter(({ isUsable }) => isUsable);
  if (usable.length === 0) {
    return [finding('keys', 'failure', 'keys-unusable', { keys: keys.length }, evidence)];
  }
  const algorithms = [...new Set(usable.map(({ algorithm }) => algorithm))];
  return [finding('keys', 'pass', 'keys-usable', { keys: usable.length, algorithms }, evidence)];
}

interface Described {
  /** For a person. */
  readonly text: string;
  readonly algorithm: string;
  /** Whether it verifies the signature of an id_token. */
  readonly isUsable: boolean;
}

/** A key that does not name its algorithm (RFC 7517, 4.4) serves all that its type can do. */
function describe({ kty, alg, use, kid, ...jwk }: JsonWebKey): Described {
  const key = imported({ kty, ...jwk } as JsonWebKey);
  const bits = key?.asymmetricKeyDetails?.modulusLength;
  const algorithm = typeof alg === 'string' ? alg : (key?.asymmetricKeyType ?? 'unknown');
  const isForSignatures = use === undefined || use === 'sig';
  const isLongEnough = bits === undefined || bits >= SHORTEST_RSA_BITS;
  const isUsable = key !== undefined && isForSignatures && isLongEnough && isSigning(alg, key);
  const words = [
    algorithm,
    bits === undefined ? undefined : `${bits} bits`,
    isForSignatures ? undefined : 'for encryption',
    key === undefined ? 'unreadable' : undefined,
    isLongEnough ? undefined : 'too short',
    typeof kid === 'string' ? `kid ${kid}` : undefined,
  ];
  return { text: words.filter((word) => word !== undefined).join(', '), algorithm, isUsable };
}

function isSigning(alg: unknown, key: KeyObject): boolean {
  if (typeof alg === 'string') return isAccepted(alg);
  return ['rsa', 'ec', 'ed25519'].includes(key.asymmetricKeyType ?? '');
}

function imported(key: JsonWebKey): KeyObject | undefined {
  try {
    return createPublicKey({ key, format: 'jwk' });
  } catch {
    // A symmetric key, an unknown curve, or damaged.
    return undefined;
  }
}
