import { KeyObject } from 'node:crypto';
import { createLocalJWKSet, errors, type JSONWebKeySet } from 'jose';
import type { Connections } from '../http/connections.js';
import { fetchDocument } from './json-document.js';

/** The realm's keys could not be read. */
export class KeysUnavailableError extends Error {}

/** What names a key in a token's header (RFC 7515, 4.1). */
export interface KeyName {
  readonly alg: string;
  readonly kid: string | undefined;
}

export interface KeySetOptions {
  readonly connections: Connections;
  readonly jwksUrl: string;
  /** How long what is not among the keys counts as unknown, before they are read again, in milliseconds. */
  readonly cooldownMs: number;
  /** A clock, in milliseconds. */
  readonly now: () => number;
}

/** The keys of one reading, as jose chooses among them. */
type Keys = ReturnType<typeof createLocalJWKSet>;

/** RFC 7518, 3.3 and 3.5. */
export const SHORTEST_RSA_BITS = 2048;

/** After a failed reading, in milliseconds: short, because until then every login fails. */
const RETRY_MS = 1_000;

/**
 * A realm's public keys, read when they are first needed, and again when a token names one that is not among
 * them, for Keycloak rotates its keys. However many ask at once, one request is sent. A key is imported once.
 */
export class KeySet {
  readonly #options: KeySetOptions;
  #keys: Keys | undefined;
  #reading: Promise<Keys> | undefined;
  #restUntil = Number.NEGATIVE_INFINITY;
  /** By algorithm and kid: jose would go through all keys for each token. */
  readonly #found = new Map<string, KeyObject>();

  constructor(options: KeySetOptions) {
    this.#options = options;
  }

  /** @throws {KeysUnavailableError} */
  async prepare(): Promise<void> {
    await (this.#keys ?? this.#read());
  }

  /**
   * The key that a token names. jose sees to it that its type, curve, use and `alg` fit the token's algorithm.
   *
   * @throws {KeysUnavailableError}, and anything else where there is no such key, or none that can be used
   */
  keyOf(name: KeyName): KeyObject | Promise<KeyObject> {
    return this.#found.get(labelOf(name)) ?? this.#find(name);
  }

  async #find({ alg, kid }: KeyName): Promise<KeyObject> {
    const header = kid === undefined ? { alg } : { alg, kid };
    const keys = this.#keys ?? (await this.#read());
    const found = await keys(header).catch(async (error: unknown) => {
      const newer = error instanceof errors.JWKSNoMatchingKey ? await this.#newerThan(keys) : undefined;
      if (newer === undefined) throw error;
      return newer(header);
    });
    const key = KeyObject.from(found);
    if ((key.asymmetricKeyDetails?.modulusLength ?? SHORTEST_RSA_BITS) < SHORTEST_RSA_BITS) {
      throw new errors.JWKInvalid('the RSA key is too short');
    }
    this.#found.set(labelOf({ alg, kid }), key);
    return key;
  }

  /** Keys read after these were; `undefined` where it is too early to read them again. */
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
    try {
      this.#keys = createLocalJWKSet(document as unknown as JSONWebKeySet);
      this.#found.clear();
      this.#restUntil = now() + cooldownMs;
      return this.#keys;
    } catch {
      // jose has looked at the document's shape, or at none at all.
      this.#restUntil = now() + RETRY_MS;
      throw new KeysUnavailableError();
    }
  }

  #isResting(): boolean {
    return this.#options.now() < this.#restUntil;
  }
}

function labelOf({ alg, kid }: KeyName): string {
  return `${alg} ${kid}`;
}
