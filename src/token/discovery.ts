import type { Connections } from '../http/connections.js';
import { explainRefusal } from '../platform/answers.js';
import type { ReasonCode } from '../platform/reason.js';
import { parseObject } from '../text/json.js';
import { tokenError } from './errors.js';

/** A realm's description of itself; every URL is on the origin of the token endpoint. */
export interface Realm {
  /** As tokens name it (`iss`). */
  readonly issuer: string;
  /** Absent if the realm does not say. */
  readonly tokenUrl: string | undefined;
  /** Its public keys (RFC 7517, 5). */
  readonly jwksUrl: string;
  readonly endSessionUrl: string | undefined;
  /** Absent if the realm does not say. */
  readonly grants: readonly string[] | undefined;
  readonly scopes: readonly string[] | undefined;
}

/**
 * Reads the realm's discovery document, and accepts only addresses on the realm's own server: an attacker who can place a
 * document there must not be able to redirect passwords or tokens, or to have other keys trusted.
 *
 * @param connections to the server of `tokenUrl`
 * @throws {BiotzPostmanError} REALM_UNKNOWN, DISCOVERY_FAILED, DISCOVERY_REFUSED
 * @see https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfig
 */
export async function discoverRealm(connections: Connections, tokenUrl: string): Promise<Realm> {
  const { issuer, discoveryUrl: url } = realmUrls(tokenUrl);
  const { document, reason } = await fetchDocument(connections, url);
  if (document === undefined) throw tokenError('DISCOVERY_FAILED', { url, reason });

  // The document's own words are not repeated, because an attacker may have written them.
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

/** A document, or the reason why it could not be read. */
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
    // Keycloak words its refusals as at its token endpoint, for example that a realm does not exist.
    return { reason: explainRefusal(reply.status, document, { bodyMode: 'urlencoded', clientAuth: 'body' }) };
  }
  return document === undefined ? { reason: 'answer-not-json' } : { document };
}

/** The addresses of a Keycloak realm. */
export interface RealmUrls {
  /** As tokens name it (`iss`). */
  readonly issuer: string;
  readonly discoveryUrl: string;
  readonly logoutUrl: string;
}

/**
 * Derives a realm's addresses from its token endpoint, in the layout of every Keycloak; up to version 16 the path began
 * with `/auth`.
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
