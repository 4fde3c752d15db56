import type { FastifyError, FastifyInstance } from 'fastify';
import { isMessageType } from '../platform/message-type.js';
import { send } from './answer.js';
import { issuersOf, type Site } from './site.js';
import type { Tokens } from './tokens.js';

export interface IngestionEndpointOptions {
  readonly site: Site;
  readonly tokens: Tokens;
}

/** The platform's answer without a valid id token: 404, not 401. */
const authenticationRequired = { status: 404, body: { error: 'Authentication required' } };
const messageTypeUnknown = { status: 404, body: { error: 'Message type not found' } };
const bodyInvalid = {
  status: 400,
  body: { 'success?': false, details: { body: 'must be a JSON object' } },
};

/**
 * The ingestion endpoint: accepts a JSON object with an id token of the realm. The platform documents the answers to a
 * success and to a missing token. The answers to a bad message type or body are this server's own.
 */
export async function ingestionEndpoint(
  app: FastifyInstance,
  { site, tokens }: IngestionEndpointOptions,
): Promise<void> {
  // A body that is not JSON is not read, and is refused below.
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));

  app.addHook('onSend', async (_request, reply) => {
    site.counts[reply.statusCode === 200 ? 'published' : 'unpublished'] += 1;
  });

  app.setErrorHandler<FastifyError>((error, _request, reply) =>
    send(reply, { ...bodyInvalid, status: error.statusCode ?? 500 }),
  );

  app.post<{ Params: { messageType: string } }>(
    '/api/device/publish/data/:messageType',
    {
      // Checked before the body is read: only a device may make the server parse one.
      onRequest: async (request, reply) => {
        const token = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
        const known =
          token !== undefined && (await tokens.isIdToken(token, issuersOf(site, request.socket.localPort)));
        return known ? undefined : send(reply, authenticationRequired);
      },
    },
    async (request, reply) => {
      if (!isMessageType(request.params.messageType)) return send(reply, messageTypeUnknown);
      const { body } = request;
      if (typeof body !== 'object' || body === null || Array.isArray(body)) return send(reply, bodyInvalid);
      return send(reply, { status: 200, body: { 'success?': true, details: {} } });
    },
  );
}
