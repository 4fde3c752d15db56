import formbody from '@fastify/formbody';
import multipart from '@fastify/multipart';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { methodNotAllowed, refusals, send, sendError } from './answer.js';
import { type Behaviour, bodyKind, consumes } from './behaviour.js';
import { knownScopes } from './scope.js';
import { issuerReached, type Site } from './site.js';
import {
  answerLogout,
  answerTokenRequest,
  field,
  type Form,
  type FormRequest,
  readForm,
  type Realm,
} from './token-endpoint.js';
import type { SigningAlg } from './tokens.js';

export interface IdentityProviderOptions {
  readonly site: Site;
  readonly realm: Realm;
  readonly signingAlg: SigningAlg;
}

/** The largest body that is read, in bytes. */
export const BODY_LIMIT = 1024 * 1024;

/** A token request has five fields, and no password has 64 KiB. Files are refused. */
const FORM_LIMITS = { files: 0, fields: 32, parts: 32, fieldSize: 64 * 1024, fieldNameSize: 100 };

/** The realm's endpoints: token, logout, keys and discovery. As a Fastify plugin, it has parsers of its own. */
export async function identityProvider(
  app: FastifyInstance,
  { site, realm, signingAlg }: IdentityProviderOptions,
): Promise<void> {
  const { behaviour } = realm;
  const { realmName, counts } = site;

  app.removeAllContentTypeParsers();
  await app.register(formbody);
  await app.register(multipart, { attachFieldsToBody: 'keyValues', limits: FORM_LIMITS });
  // Keycloak 26 reads a body of any other type as an empty form; 21 has refused it before.
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));

  app.addHook<{ Params: { realm: string } }>('onRequest', async (request, reply) => {
    if (request.params.realm !== realmName) return send(reply, refusals.realmUnknown);
    // Fastify does not limit the body of a form, because the multipart parser reads the socket.
    if (Number(request.headers['content-length'] ?? 0) > BODY_LIMIT) {
      return send(reply, { status: 413, body: { error: 'invalid_request' } });
    }
    return undefined;
  });

  app.setErrorHandler<FastifyError>((error, request, reply) => {
    if (error.code === 'FST_FILES_LIMIT') {
      return send(reply, behaviour === 'gateway' ? refusals.fileSent : refusals.failed);
    }
    // The multipart parser's own errors, such as a missing boundary, have no status.
    if (error.statusCode === undefined && request.isMultipart()) return send(reply, refusals.grantMissing);
    return sendError(error, reply);
  });

  const refuseBody = async (request: FastifyRequest, reply: FastifyReply) =>
    consumes(behaviour, bodyKind(request.headers['content-type']))
      ? undefined
      : send(reply, refusals.bodyNotConsumed);

  const issuerOf = ({ socket, headers }: FastifyRequest) =>
    issuerReached(site, headers.host, socket.localPort);

  const formRequest = (request: FastifyRequest, form: Form): FormRequest => ({
    form,
    kind: bodyKind(request.headers['content-type']),
    authorization: request.headers.authorization,
    issuer: issuerOf(request),
  });

  const protocol = '/realms/:realm/protocol/openid-connect';

  // Counted before the answer is sent, so that its receiver sees the new count.
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

/**
 * The OpenID Provider's metadata (OpenID Connect Discovery, 3), with those of Keycloak's fields that are true here. The
 * specification requires an authorization endpoint, although the stand-in has no login by browser.
 */
function discoveryDocument(issuer: string, behaviour: Behaviour, signingAlg: SigningAlg): object {
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
