import type { FastifyError, FastifyInstance, FastifyRequest } from 'fastify';
import { isMessageType } from '../platform/message-type.js';
import { send } from './answer.js';
import { realmPath } from './identity-provider.js';
import { type Counts, ownOrigins } from './site.js';
import type { Tokens } from './tokens.js';

export interface IngestionEndpointOptions {
  readonly tokens: Tokens;
  readonly realmName: string;
  /** Where the server listens. */
  readonly host: string;
  readonly counts: Counts;
}

/** What the platform answers without a valid id token: 404, not 401. */
const authenticationRequired = { status: 404, body: { error: 'Authentication required' } };
const messageTypeUnknown = { status: 404, body: { error: 'Message type not found' } };
const bodyInvalid = {
  status: 400,
  body: { 'success?': false, details: { body: 'must be a JSON object' } },
};

/**
 * The ingestion endpoint: accepts a JSON object from every client with an id token of the realm. The platform
 * documents success and a missing token; what it says to a bad message type or body is this server's own.
 */
export async function ingestionEndpoint(
  app: FastifyInstance,
  { tokens, realmName, host, counts }: IngestionEndpointOptions,
): Promise<void> {
  const issuers = ({ socket }: FastifyRequest) =>
    ownOrigins(host, socket.localPort ?? 0).map((origin) => `${origin}${realmPath(realmName)}`);
  // A body that is no JSON is not read, and then is not an object.
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));

  app.addHook('onSend', async (_request, reply) => {
    counts[reply.statusCode === 200 ? 'published' : 'unpublished'] += 1;
  });

  app.setErrorHandler<FastifyError>((error, _request, reply) =>
    send(reply, { ...bodyInvalid, status: error.statusCode ?? 500 }),
  );

  app.post<{ Params: { messageType: string } }>(
    '/api/device/publish/data/:messageType',
    {
      // Before the body is read: only a device may make the server parse one.
      onRequest: async (request, reply) => {
        const token = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
        const known = token !== undefined && (await tokens.isIdToken(token, issuers(request)));
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
