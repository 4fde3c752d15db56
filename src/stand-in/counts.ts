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
