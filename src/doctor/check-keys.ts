import type { Connections } from '../http/connections.js';
import type { Realm } from '../token/discovery.js';
import { fetchDocument } from '../token/discovery.js';
import { isFor, isUsable, readRealmKey, type RealmKey } from '../token/key-set.js';
import { acceptedAlgorithms } from '../token/signed-token.js';
import { type Finding, finding, reasonFinding } from './finding.js';

/** Limit on the keys in the evidence; a realm usually has a handful. */
const MOST_SHOWN = 20;

/** Reads the realm's public keys (RFC 7517, 5), which verify signatures. */
export async function checkKeys(
  connections: Connections,
  { jwksUrl }: Pick<Realm, 'jwksUrl'>,
): Promise<readonly Finding[]> {
  const { document, reason } = await fetchDocument(connections, jwksUrl);
  if (document === undefined) return [reasonFinding('keys', 'failure', reason, { url: jwksUrl })];
  const list: readonly unknown[] = Array.isArray(document['keys']) ? document['keys'] : [];
  const keys = list
    .map(readRealmKey)
    .filter((key) => key !== undefined)
    .map(describe);
  const evidence = { keys: keys.slice(0, MOST_SHOWN).map(({ text }) => text) };
  const usable = keys.filter((key) => key.isUsable);
  if (usable.length === 0) {
    return [finding('keys', 'failure', 'keys-unusable', { keys: keys.length }, evidence)];
  }
  const algorithms = [...new Set(usable.map(({ algorithm }) => algorithm))];
  return [finding('keys', 'pass', 'keys-usable', { keys: usable.length, algorithms }, evidence)];
}

interface Described {
  /** For people. */
  readonly text: string;
  readonly algorithm: string;
  /** Whether it can verify the signature of an id_token. */
  readonly isUsable: boolean;
}

/** A key without an algorithm (RFC 7517, 4.4) is usable for every algorithm of its type. */
function describe(found: RealmKey): Described {
  const { key, alg, kid, isForSignatures, isLongEnough } = found;
  const bits = key?.asymmetricKeyDetails?.modulusLength;
  const algorithm = alg ?? key?.asymmetricKeyType ?? 'unknown';
  const words = [
    algorithm,
    bits === undefined ? undefined : `${bits} bits`,
    isForSignatures ? undefined : 'for encryption',
    key === undefined ? 'unreadable' : undefined,
    isLongEnough ? undefined : 'too short',
    kid === undefined ? undefined : `kid ${kid}`,
  ];
  const isSigning = isUsable(found) && acceptedAlgorithms.some((name) => isFor(name, found));
  return { text: words.filter((word) => word !== undefined).join(', '), algorithm, isUsable: isSigning };
}
