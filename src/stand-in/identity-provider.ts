import formbody from '@fastify/formbody';
import multipart from '@fastify/multipart';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { methodNotAllowed, refusals, send, sendError } from './answer.js';
import { type Behaviour, bodyKind, consumes } from './behaviour.js';
import { knownScopes } from './scope.js';
import { type Counts, reachedAs } from './site.js';
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

  // Before the answer leaves, so that a client that has it finds it counted.
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

/** The path of a realm, as Keycloak has it since version 17. */
export function realmPath(realm: string): string {
  return `/realms/${encodeURIComponent(realm)}`;
}

/**
 * The OpenID Provider's metadata (OpenID Connect Discovery, 3), with those of Keycloak's fields that hold
 * here. Like Keycloak's it names an authorization endpoint, which the document requires, though a browser cannot
 * log in here.
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
