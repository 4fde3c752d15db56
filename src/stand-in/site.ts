/** Counts since the start. */
export interface Counts {
  /** Password grants answered with tokens. */
  logins: number;
  /** Refresh token grants answered with tokens. */
  refreshes: number;
  /** Token requests answered with anything but tokens. */
  refused: number;
  /** Logout requests that were answered 204. */
  logouts: number;
  /** Messages that the ingestion endpoint accepted. */
  published: number;
  /** Messages that it refused. */
  unpublished: number;
}

/** What the identity provider and the ingestion endpoint share. */
export interface Site {
  /** The host on which the server listens. */
  readonly host: string;
  readonly realmName: string;
  readonly counts: Counts;
}

/**
 * The realm's issuer at a port, e.g. `http://127.0.0.1:18080/realms/biotz-platform`, as in a URL: an IPv6 address in
 * brackets, no default port.
 */
export function issuerAt({ host, realmName }: Pick<Site, 'host' | 'realmName'>, port: number): string {
  const { origin } = new URL(`http://${host.includes(':') ? `[${host}]` : host}:${port}`);
  return `${origin}/realms/${encodeURIComponent(realmName)}`;
}

/** Every issuer of the stand-in: at its host, and at this machine's names. */
export function issuersOf({ host, realmName }: Site, port = 0): string[] {
  return [host, '127.0.0.1', 'localhost', '::1'].map((name) => issuerAt({ host: name, realmName }, port));
}

/**
 * The issuer at the address of a request. A development Keycloak trusts every Host header. The stand-in trusts only its
 * own addresses, so that no web page can make it act for another host.
 *
 * @param hostHeader e.g. `localhost:18080`
 */
export function issuerReached(site: Site, hostHeader: string | undefined, port = 0): string {
  const own = issuersOf(site, port);
  return own.find((issuer) => new URL(issuer).origin === `http://${hostHeader}`) ?? issuerAt(site, port);
}
