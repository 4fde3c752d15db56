import { tokenError } from './errors.js';

/** Where a Keycloak realm has what. */
export interface RealmUrls {
  /** As tokens name it (`iss`). */
  readonly issuer: string;
  readonly discoveryUrl: string;
  readonly logoutUrl: string;
}

/**
 * Finds a realm's addresses by that of its token endpoint, as every Keycloak lays them out; up to version 16
 * there was an `/auth` before.
 *
 * @throws {BiotzPostmanError} REALM_UNKNOWN
 * @see https://www.keycloak.org/securing-apps/oidc-layers
 */
export function realmUrls(tokenUrl: string): RealmUrls {
  const url = URL.canParse(tokenUrl) ? new URL(tokenUrl) : undefined;
  const realm = /^(.*\/realms\/[^/]+)\/protocol\/openid-connect\/token\/?$/.exec(url?.pathname ?? '')?.[1];
  if (url === undefined || realm === undefined) throw tokenError('REALM_UNKNOWN', { tokenUrl });
  const issuer = `${url.origin}${realm}`;
  return {
    issuer,
    discoveryUrl: `${issuer}/.well-known/openid-configuration`,
    logoutUrl: `${issuer}/protocol/openid-connect/logout`,
  };
}

/** Path and query of a URL, as a request has them. */
export function pathOf(address: string): string {
  const { pathname, search } = new URL(address);
  return `${pathname}${search}`;
}
