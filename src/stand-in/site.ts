/** The origin of a server, e.g. `http://127.0.0.1:18080`, spelt as URLs spell it (an IPv6 address in brackets, no default port). */
export function originOf(host: string, port: number): string {
  return new URL(`http://${host.includes(':') ? `[${host}]` : host}:${port}`).origin;
}

/** Every origin under which the stand-in speaks for itself: the one it was started with and this machine's names. */
export function ownOrigins(host: string, port: number): string[] {
  return [host, '127.0.0.1', 'localhost', '::1'].map((name) => originOf(name, port));
}

/**
 * The origin that a request was sent to. A development Keycloak believes any Host header; the stand-in only
 * believes its own origins, so that no web page can make it speak for another host.
 *
 * @param hostHeader e.g. `localhost:18080`
 */
export function reachedAs(host: string, port: number, hostHeader: string | undefined): string {
  const origin = `http://${hostHeader}`;
  return ownOrigins(host, port).includes(origin) ? origin : originOf(host, port);
}

/** How often the stand-in did what, since its start. */
export interface Counts {
  /** Password grants answered with tokens. */
  logins: number;
  /** Refresh token grants answered with tokens. */
  refreshes: number;
  /** Token requests answered with anything but tokens. */
  refused: number;
  /** Logout requests that were answered 204. */
  logouts: number;
  /** Messages taken by the ingestion endpoint. */
  published: number;
  /** Messages refused by it. */
  unpublished: number;
}

export function noCounts(): Counts {
  return { logins: 0, refreshes: 0, refused: 0, logouts: 0, published: 0, unpublished: 0 };
}
