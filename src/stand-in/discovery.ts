import type { Behaviour } from './behaviour.js';
import { knownScopes } from './scope.js';
import type { SigningAlg } from './tokens.js';

/** The path of a realm, as Keycloak has it since version 17. */
export function realmPath(realm: string): string {
  return `/realms/${encodeURIComponent(realm)}`;
}

/**
 * The OpenID Provider's metadata (OpenID Connect Discovery, 3), with those of Keycloak's fields that hold
 * here. Like Keycloak's it names an authorization endpoint, which the document requires, though nobody can
 * log in by browser here.
 */
export function discoveryDocument(issuer: string, behaviour: Behaviour, signingAlg: SigningAlg): object {
  const protocol = `${issuer}/protocol/openid-connect`;
  const clientAuthentication = ['client_secret_basic', 'client_secret_post'];
  return {
    issuer,
    authorization_endpoint: `${protocol}/auth`,
    token_endpoint: `${protocol}/token`,
    jwks_uri: `${protocol}/certs`,
    end_session_endpoint: `${protocol}/logout`,
    grant_types_supported: ['password', 'refresh_token'],
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    scopes_supported: knownScopes(behaviour),
    token_endpoint_auth_methods_supported: clientAuthentication,
    id_token_signing_alg_values_supported: [signingAlg],
    claims_supported: ['iss', 'sub', 'aud', 'azp', 'exp', 'iat', 'preferred_username'],
  };
}
