import type { FastifyError, FastifyReply } from 'fastify';
import type { Answer } from './answer.js';

/**
 * Sends an answer as Keycloak does: JSON without a charset. Fastify adds one to an object or a string, not to
 * bytes.
 */
export function send(reply: FastifyReply, { status, body }: Answer): FastifyReply {
  void reply.code(status);
  if (body === undefined) return reply.send();
  return reply.header('content-type', 'application/json').send(Buffer.from(JSON.stringify(body)));
}

/** Says that a request could not be read, and nothing of what was in it. */
export function sendError(error: FastifyError, reply: FastifyReply): FastifyReply {
  const status = error.statusCode ?? 500;
  return send(reply, { status, body: { error: status < 500 ? 'invalid_request' : 'unknown_error' } });
}
