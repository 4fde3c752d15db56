import { defineErrors } from '../errors/define-errors.js';
import { reasonProse, type ReasonCode } from '../platform/reason.js';

export const tokenError = defineErrors({
  /** The token URL is not that of a Keycloak realm, so that the realm's other addresses are unknown. */
  REALM_UNKNOWN: (_args: { readonly tokenUrl: string }) => ({
    reason:
      "token_url (--token-url) is not the token endpoint of a Keycloak realm. The realm's keys and its logout cannot be found without it.",
    next: 'Use an address like https://auth.example.org/realms/my-realm/protocol/openid-connect/token, or run without them (--no-verify, no --end-sessions).',
  }),
  /** The realm's discovery document could not be read. */
  DISCOVERY_FAILED: ({ url, reason }: { readonly url: string; readonly reason: ReasonCode }) => ({
    reason: `The realm's description at ${url} could not be read: ${reasonProse[reason].meaning} [${reason}].`,
    next: reasonProse[reason].remedy,
  }),
  /** The discovery document cannot be believed. `problem` is a clause, e.g. `jwks_uri is on another server`. */
  DISCOVERY_REFUSED: ({ url, problem }: { readonly url: string; readonly problem: string }) => ({
    reason: `The realm's description at ${url} cannot be trusted: ${problem}.`,
    next: 'Use the public address of the realm as token_url (--token-url), or --no-verify.',
  }),
  /** No login can be made at this server, whatever is sent. */
  SERVER_UNSUITABLE: ({ reason }: { readonly reason: ReasonCode }) => ({
    reason: `The server does not accept logins: ${reasonProse[reason].meaning} [${reason}].`,
    next: reasonProse[reason].remedy,
  }),
  /** The server answered without the token that was asked for, e.g. `refresh_token`. */
  TOKEN_MISSING: ({ token }: { readonly token: string }) => ({
    reason: `The login succeeded, but the server gave no ${token}.`,
    next: 'The client may be configured not to issue one. Ask for another token with --token.',
  }),
});
