import { createPublicKey, type JsonWebKey, type KeyObject, X509Certificate } from 'node:crypto';
import type { Connections } from '../http/connections.js';
import { fetchDocument } from './discovery.js';
import { isAccepted, isKeyFor, isSignedBy, type SignedToken } from './signed-token.js';

/** The realm's keys could not be read. */
export class KeysUnavailableError extends Error {}

export interface KeySetOptions {
  readonly connections: Connections;
  readonly jwksUrl: string;
  /** Shortest time between two readings of the keys, in milliseconds. */
  readonly cooldownMs: number;
  /** A clock, in milliseconds. */
  readonly now: () => number;
}

/** The usable keys of one reading. */
type Keys = readonly UsableKey[];

/** Pause after a failed reading, in milliseconds: short, because every login fails until the keys are read. */
const RETRY_MS = 1_000;

/** Result of verifying a signature with a realm's keys; `unknown`: no key fits it. */
export type SignatureVerdict = 'valid' | 'invalid' | 'unknown';

/**
 * A realm's public keys. They are read when they are first needed, and again if none of them verifies a token, because
 * Keycloak rotates its keys. Concurrent callers share one request. Each key is imported once.
 */
export class KeySet {
  readonly #options: KeySetOptions;
  #keys: Keys | undefined;
  #reading: Promise<Keys> | undefined;
  #restUntil = Number.NEGATIVE_INFINITY;
  /** The key that verified the last token with this algorithm and kid: most likely it verifies the next one as well. */
  readonly #proven = new Map<string, KeyObject>();

  constructor(options: KeySetOptions) {
    this.#options = options;
  }

  /** @throws {KeysUnavailableError} */
  async prepare(): Promise<void> {
    await (this.#keys ?? this.#read());
  }

  /**
   * Checks a token's signature with every key that fits it: a set may have a key twice, or two under one name.
   *
   * @throws {KeysUnavailableError}
   */
  async verify(token: SignedToken): Promise<SignatureVerdict> {
    const proven = this.#proven.get(labelOf(token));
    if (proven !== undefined && (await isSignedBy(proven, token))) return 'valid';
    const keys = this.#keys ?? (await this.#read());
    const verdict = await this.#try(keys, token);
    if (verdict === 'valid') return verdict;
    const newer = await this.#newerThan(keys);
    return newer === undefined ? verdict : this.#try(newer, token);
  }

  async #try(keys: Keys, token: SignedToken): Promise<SignatureVerdict> {
    const fitting = keysFor(token, keys);
    for (const { key } of fitting) {
      // oxlint-disable-next-line no-await-in-loop -- the first is the right one, nearly always
      if (!(await isSignedBy(key, token))) continue;
      if (keys === this.#keys) this.#proven.set(labelOf(token), key);
      return 'valid';
    }
    return fitting.length > 0 ? 'invalid' : 'unknown';
  }

  /** Keys read after these were; `undefined` if it is too early to read them again. */
  async #newerThan(keys: Keys): Promise<Keys | undefined> {
    if (this.#reading !== undefined) return this.#reading;
    if (this.#keys !== keys) return this.#keys;
    return this.#isResting() ? undefined : this.#read();
  }

  #read(): Promise<Keys> {
    this.#reading ??= this.#fetch().finally(() => (this.#reading = undefined));
    return this.#reading;
  }

  async #fetch(): Promise<Keys> {
    const { connections, jwksUrl, cooldownMs, now } = this.#options;
    if (this.#isResting()) throw new KeysUnavailableError();
    const { document } = await fetchDocument(connections, jwksUrl);
    const list: unknown = document?.['keys'];
    if (!Array.isArray(list)) {
      this.#restUntil = now() + RETRY_MS;
      throw new KeysUnavailableError();
    }
    // An unusable key must not hide the other keys.
    this.#keys = list
      .map(readRealmKey)
      .filter((key) => key !== undefined)
      .filter(isUsable);
    this.#proven.clear();
    this.#restUntil = now() + cooldownMs;
    return this.#keys;
  }

  #isResting(): boolean {
    return this.#options.now() < this.#restUntil;
  }
}

/** The keys that the token names; otherwise those without a name, or all if the token names none (RFC 7515, 4.1.4). */
function keysFor({ alg, kid }: SignedToken, keys: Keys): Keys {
  const fitting = keys.filter((key) => isFor(alg, key));
  if (kid === undefined) return fitting;
  const named = fitting.filter((key) => key.kid === kid);
  return named.length > 0 ? named : fitting.filter((key) => key.kid === undefined);
}

function labelOf({ alg, kid }: SignedToken): string {
  return `${alg} ${kid}`;
}

/** RFC 7518, 3.3 and 3.5. */
const SHORTEST_RSA_BITS = 2048;

/** The readable parts of a key in a realm's key set (RFC 7517, 4). */
export interface RealmKey {
  readonly kid: string | undefined;
  /** The algorithm of the key; absent: every algorithm of its type. */
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

/** Whether a key can verify a signature of this algorithm. */
export function isFor(alg: string, { alg: own, key }: UsableKey): boolean {
  return (own === undefined || family(own) === family(alg)) && isKeyFor(alg, key);
}

/** Ed25519 and Ed448 are EdDSA with a curve in its name (RFC 9864, 2.2); the key tells the curve. */
const family = (alg: string) => (/^Ed(25519|448)$/.test(alg) ? 'EdDSA' : alg);

function imported({ x5c, ...jwk }: JsonWebKey): KeyObject | undefined {
  // A key whose private half is public proves nothing.
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
