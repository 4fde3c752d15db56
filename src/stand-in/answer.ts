import type { FastifyError, FastifyReply } from 'fastify';
import type { Behaviour } from './behaviour.js';

/** An endpoint's answer, without HTTP. */
export interface Answer {
  readonly status: number;
  /** Sent as JSON; absent: an empty body. */
  readonly body?: object;
}

function refusal(status: number, error: string, description?: string): Answer {
  return { status, body: { error, ...(description !== undefined && { error_description: description }) } };
}

/**
 * Keycloak's refusals, word for word (RFC 6749, 5.2 defines the codes; statuses and texts were measured on 26.4.0 and
 * 21.1.2, which agree unless there are two).
 */
export const refusals = {
  clientInvalid: refusal(401, 'invalid_client', 'Invalid client or Invalid client credentials'),
  clientNeedsSecret: refusal(401, 'unauthorized_client', 'Invalid client or Invalid client credentials'),
  directGrantsOff: refusal(400, 'unauthorized_client', 'Client not allowed for direct access grants'),
  basicMalformed: refusal(400, 'unauthorized_client', 'Unexpected error when authenticating client'),
  credentialsInvalid: refusal(401, 'invalid_grant', 'Invalid user credentials'),
  usernameMissing: refusal(401, 'invalid_request', 'Missing parameter: username'),
  accountDisabled: refusal(400, 'invalid_grant', 'Account disabled'),
  accountNotSetUp: refusal(400, 'invalid_grant', 'Account is not fully set up'),
  grantMissing: refusal(400, 'invalid_request', 'Missing form parameter: grant_type'),
  grantUnsupported: refusal(400, 'unsupported_grant_type', 'Unsupported grant_type'),
  fieldRepeated: refusal(400, 'invalid_request', 'duplicated parameter'),
  refreshTokenMissing: refusal(400, 'invalid_request', 'No refresh token'),
  refreshTokenInvalid: refusal(400, 'invalid_grant', 'Invalid refresh token'),
  refreshTokenOfAnotherClient: refusal(
    400,
    'invalid_grant',
    "Invalid refresh token. Token client and authorized client don't match",
  ),
  refreshTokenExpired: refusal(400, 'invalid_grant', 'Token is not active'),
  sessionEnded: refusal(400, 'invalid_grant', 'Session not active'),
  realmUnknown: refusal(404, 'Realm does not exist'),
  bodyNotConsumed: refusal(415, 'RESTEASY003065: Cannot consume content type'),
  /** The gateway's answer; Keycloak 26 fails on a file. */
  fileSent: refusal(400, 'invalid_request', 'Files are not accepted'),
  failed: refusal(500, 'unknown_error', 'For more on this error consult the server log.'),
} as const;

/** The answer names the requested scope, so that an empty or misspelt one can be seen. */
export function scopeInvalid(scope: string): Answer {
  return refusal(400, 'invalid_scope', `Invalid scopes: ${scope}`);
}

/** The answer to a method that the path does not support. */
export function methodNotAllowed(behaviour: Behaviour, method: string): Answer {
  return refusal(
    405,
    behaviour === 'keycloak-21'
      ? `RESTEASY003650: No resource method found for ${method}, return 405 with Allow header`
      : 'HTTP 405 Method Not Allowed',
  );
}

/**
 * Sends an answer as Keycloak does: JSON without a charset. Fastify adds a charset to an object or a string, but not to
 * bytes.
 */
export function send(reply: FastifyReply, { status, body }: Answer): FastifyReply {
  void reply.code(status);
  if (body === undefined) return reply.send();
  return reply.header('content-type', 'application/json').send(Buffer.from(JSON.stringify(body)));
}

/** Refuses an unreadable request without repeating its content. */
export function sendError(error: FastifyError, reply: FastifyReply): FastifyReply {
  const status = error.statusCode ?? 500;
  return send(reply, { status, body: { error: status < 500 ? 'invalid_request' : 'unknown_error' } });
}
