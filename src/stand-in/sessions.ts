/** How long a session lives without being used: Keycloak's "SSO session idle", in seconds. */
export const SESSION_LIFETIME_S = 1800;

/**
 * Remembers which sessions were ended. Open sessions need no memory, so that a million logins cost none:
 * a session's tokens say that it was opened, and it is forgotten once they have all expired.
 */
export class EndedSessions {
  /** Session id to the time, in milliseconds, when its last token has expired; oldest first. */
  readonly #forgetAt = new Map<string, number>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  end(sessionId: string): void {
    for (const [id, forgetAt] of this.#forgetAt) {
      if (forgetAt > this.#now()) break;
      this.#forgetAt.delete(id);
    }
    this.#forgetAt.set(sessionId, this.#now() + SESSION_LIFETIME_S * 1000);
  }

  has(sessionId: string): boolean {
    return this.#forgetAt.has(sessionId);
  }
}
