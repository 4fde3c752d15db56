import formbody from '@fastify/formbody';
import multipart from '@fastify/multipart';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { methodNotAllowed, refusals } from './answer.js';
import { bodyKind, consumes } from './behaviour.js';
import type { Counts } from './counts.js';
import { discoveryDocument, realmPath } from './discovery.js';
import { field, readForm, type Form } from './form.js';
import { reachedAs } from './origins.js';
import { send, sendError } from './send.js';
import { answerLogout, answerTokenRequest, type FormRequest, type Realm } from './token-endpoint.js';
import type { SigningAlg } from './tokens.js';

export interface IdentityProviderOptions {
  readonly realm: Realm;
  readonly realmName: string;
  readonly signingAlg: SigningAlg;
  /** Where the server listens. */
  readonly host: string;
  readonly counts: Counts;
}

/** The largest body that is read, in bytes. */
export const BODY_LIMIT = 1024 * 1024;

/** Five fields are what a token request has; a password of 64 KiB is none. Files are not taken at all. */
const FORM_LIMITS = { files: 0, fields: 32, parts: 32, fieldSize: 64 * 1024, fieldNameSize: 100 };

/** The realm's endpoints: token, logout, keys and discovery. A Fastify plugin, so that its parsers stay its own. */
export async function identityProvider(
  app: FastifyInstance,
  { realm, realmName, signingAlg, host, counts }: IdentityProviderOptions,
): Promise<void> {
  const { behaviour } = realm;

  app.removeAllContentTypeParsers();
  await app.register(formbody);
  await app.register(multipart, { attachFieldsToBody: 'keyValues', limits: FORM_LIMITS });
  // Keycloak 26 takes a body of any other type for an empty form; 21 never gets here with one.
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));

  app.addHook<{ Params: { realm: string } }>('onRequest', async (request, reply) => {
    if (request.params.realm !== realmName) return send(reply, refusals.realmUnknown);
    // Fastify limits bodies that it collects itself; the multipart parser reads the socket.
    if (Number(request.headers['content-length'] ?? 0) > BODY_LIMIT) {
      return send(reply, { status: 413, body: { error: 'invalid_request' } });
    }
    return undefined;
  });

  app.setErrorHandler<FastifyError>((error, request, reply) => {
    if (error.code === 'FST_FILES_LIMIT') {
      return send(reply, behaviour === 'gateway' ? refusals.fileSent : refusals.failed);
    }
    // The multipart parser's own errors, such as a missing boundary, carry no status.
    if (error.statusCode === undefined && request.isMultipart()) return send(reply, refusals.grantMissing);
    return sendError(error, reply);
  });

  const refuseBody = async (request: FastifyRequest, reply: FastifyReply) =>
    consumes(behaviour, bodyKind(request.headers['content-type']))
      ? undefined
      : send(reply, refusals.bodyNotConsumed);

  const issuerOf = (request: FastifyRequest) =>
    `${reachedAs(host, request.socket.localPort ?? 0, request.headers.host)}${realmPath(realmName)}`;

  const formRequest = (request: FastifyRequest, form: Form): FormRequest => ({
    form,
    kind: bodyKind(request.headers['content-type']),
    authorization: request.headers.authorization,
    issuer: issuerOf(request),
  });

  const protocol = '/realms/:realm/protocol/openid-connect';

  // Before the answer leaves, so that whoever has it finds it counted.
  const countRefusal = async (_request: FastifyRequest, reply: FastifyReply) => {
    if (reply.statusCode !== 200) counts.refused += 1;
  };

  app.post(`${protocol}/token`, { onRequest: refuseBody, onSend: countRefusal }, async (request, reply) => {
    const form = readForm(request.body);
    const answer = await answerTokenRequest(realm, formRequest(request, form));
    if (answer.status === 200) counts[field(form, 'grant_type') === 'password' ? 'logins' : 'refreshes'] += 1;
    // RFC 6749, 5.1
    void reply.headers({ 'cache-control': 'no-store', pragma: 'no-cache' });
    return send(reply, answer);
  });

  app.route({
    method: ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE'],
    url: `${protocol}/token`,
    handler: async (request, reply) => send(reply, methodNotAllowed(behaviour, request.method)),
  });

  app.post(`${protocol}/logout`, { onRequest: refuseBody }, async (request, reply) => {
    const answer = await answerLogout(realm, formRequest(request, readForm(request.body)));
    if (answer.status === 204) counts.logouts += 1;
    return send(reply, answer);
  });

  app.get(`${protocol}/certs`, async (_request, reply) =>
    send(reply, { status: 200, body: realm.tokens.jwks }),
  );

  app.get('/realms/:realm/.well-known/openid-configuration', async (request, reply) =>
    send(reply, { status: 200, body: discoveryDocument(issuerOf(request), behaviour, signingAlg) }),
  );
}
