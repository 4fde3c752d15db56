import type { Connections } from '../http/connections.js';
import { explainRefusal } from '../platform/answers.js';
import type { ReasonCode } from '../platform/reason.js';
import { parseObject } from '../text/json.js';
import { tokenError } from './errors.js';

/** What a realm says about itself; every URL is on the token endpoint's own origin. */
export interface Realm {
  /** As tokens name it (`iss`). */
  readonly issuer: string;
  /** Absent where the realm does not say. */
  readonly tokenUrl: string | undefined;
  /** Its public keys (RFC 7517, 5). */
  readonly jwksUrl: string;
  readonly endSessionUrl: string | undefined;
  /** Absent where the realm does not say. */
  readonly grants: readonly string[] | undefined;
  readonly scopes: readonly string[] | undefined;
}

/**
 * Reads the realm's discovery document, and trusts only addresses of its own origin in it: a false document must
 * not send passwords or tokens elsewhere, nor make foreign keys trusted.
 *
 * @param connections to the server of `tokenUrl`
 * @throws {BiotzPostmanError} REALM_UNKNOWN, DISCOVERY_FAILED, DISCOVERY_REFUSED
 * @see https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfig
 */
export async function discoverRealm(connections: Connections, tokenUrl: string): Promise<Realm> {
  const { issuer, discoveryUrl: url } = realmUrls(tokenUrl);
  const { document, reason } = await fetchDocument(connections, url);
  if (document === undefined) throw tokenError('DISCOVERY_FAILED', { url, reason });

  // The document's own words are not repeated: they are foreign.
  const refuse = (problem: string): never => {
    throw tokenError('DISCOVERY_REFUSED', { url, problem });
  };
  const endpoint = (name: string): string | undefined => {
    const address = document[name];
    if (address === undefined) return undefined;
    if (typeof address !== 'string' || !URL.canParse(address)) return refuse(`its ${name} is not an address`);
    if (new URL(address).origin !== new URL(url).origin) return refuse(`its ${name} is on another server`);
    return address;
  };
  // OpenID Connect Discovery, 4.3: the very address that the document's own is made of.
  if (document['issuer'] !== issuer) return refuse(`its issuer is not ${issuer}`);
  return {
    issuer,
    tokenUrl: endpoint('token_endpoint'),
    jwksUrl: endpoint('jwks_uri') ?? refuse('it has no jwks_uri'),
    endSessionUrl: endpoint('end_session_endpoint'),
    grants: texts(document['grant_types_supported']),
    scopes: texts(document['scopes_supported']),
  };
}

function texts(value: unknown): readonly string[] | undefined {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : undefined;
}

type JsonDocument = Readonly<Record<string, unknown>>;

/** A document, or why there is none. */
export type Fetched =
  | { readonly document: JsonDocument; readonly reason?: undefined }
  | { readonly document?: undefined; readonly reason: ReasonCode };

/**
 * Reads a JSON object from a server.
 *
 * @param connections to that server
 */
export async function fetchDocument(connections: Connections, url: string): Promise<Fetched> {
  const reply = await connections.send({
    method: 'GET',
    path: pathOf(url),
    headers: { accept: 'application/json', 'user-agent': 'biotz-postman' },
  });
  if (reply.status === undefined) return { reason: reply.reason };
  const document = parseObject(reply.text);
  if (reply.status !== 200) {
    // Keycloak's words are the same as at its token endpoint; that a realm does not exist, for one.
    return { reason: explainRefusal(reply.status, document, { bodyMode: 'urlencoded', clientAuth: 'body' }) };
  }
  return document === undefined ? { reason: 'answer-not-json' } : { document };
}

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
