import { fastify, type FastifyError, type FastifyInstance } from 'fastify';
import { send, sendError } from './answer.js';
import type { Behaviour } from './behaviour.js';
import { standInError } from './errors.js';
import { BODY_LIMIT, identityProvider, realmPath } from './identity-provider.js';
import { ingestionEndpoint } from './ingestion-endpoint.js';
import { type Counts, noCounts, originOf } from './site.js';
import { type ClientRefusal, type FindUser, type StandInUser, userDirectory } from './token-endpoint.js';
import { createTokens, EndedSessions, type SigningAlg } from './tokens.js';

export interface StandInOptions {
  /** Who may log in: all users, or a function that finds one by lower-cased username. */
  readonly devices: Iterable<StandInUser> | FindUser;
  readonly behaviour: Behaviour;
  /** Where to listen; loopback unless the caller says otherwise. */
  readonly host?: string;
  /** 0: any free port. */
  readonly port?: number;
  readonly realm?: string;
  readonly clientId?: string;
  /** Further clients that exist, and why none of them may log a device in. */
  readonly refusedClients?: ReadonlyMap<string, ClientRefusal>;
  /** Lifetime of access and id tokens, in seconds. */
  readonly tokenLifetimeS?: number;
  /** The time in milliseconds since the epoch. */
  readonly now?: () => number;
  readonly signingAlg?: SigningAlg;
  /** false: a client that is given no refresh token. */
  readonly refreshTokens?: boolean;
  /** false: a client without the `profile` scope, so that tokens name the user only when it is asked for. */
  readonly profileScope?: boolean;
}

/** A running stand-in. */
export interface StandIn {
  /** Its origin, without a path. */
  readonly url: string;
  readonly issuer: string;
  readonly tokenUrl: string;
  /** Origin of the ingestion endpoint, without a path. */
  readonly ingestionUrl: string;
  /** Live: grows with every request. */
  readonly counts: Readonly<Counts>;
  /** Stops listening and drops every connection. */
  close(): Promise<void>;
}

/**
 * Starts the embedded platform: identity provider and ingestion endpoint on one port. It keeps nothing on
 * disk and logs nothing.
 *
 * @throws BiotzPostmanError `SERVER_NOT_STARTED`
 * @example
 * const platform = await startStandIn({ devices: sampleDevices(25, { seed: 'demo' }), behaviour: 'gateway' });
 * platform.tokenUrl; // 'http://127.0.0.1:40123/realms/biotz-platform/protocol/openid-connect/token'
 * await platform.close();
 */
export async function startStandIn({
  devices,
  behaviour,
  host = '127.0.0.1',
  port = 0,
  realm: realmName = 'biotz-platform',
  clientId = 'biotz-platform-devices',
  refusedClients = new Map<string, ClientRefusal>(),
  tokenLifetimeS = 300,
  now = Date.now,
  signingAlg = 'RS256',
  refreshTokens = true,
  profileScope = true,
}: StandInOptions): Promise<StandIn> {
  const tokens = await createTokens({ signingAlg, clientId, lifetimeS: tokenLifetimeS, refreshTokens, now });
  const counts = noCounts();

  const app = fastify({
    logger: false,
    bodyLimit: BODY_LIMIT,
    forceCloseConnections: true,
    requestTimeout: 30_000,
    connectionTimeout: 60_000,
    routerOptions: { ignoreTrailingSlash: true },
    // Fastify's own text would repeat the path.
    frameworkErrors: (error, _request, reply) => void sendError(error, reply),
  });
  // Keycloak 26 sends no Date: the product must not depend on one.
  app.addHook('onRequest', async (_request, reply) => {
    reply.raw.sendDate = false;
  });
  app.setErrorHandler<FastifyError>((error, _request, reply) => sendError(error, reply));
  app.setNotFoundHandler((_request, reply) =>
    send(reply, { status: 404, body: { error: 'Unable to find matching target resource method' } }),
  );
  const realm = {
    behaviour,
    clientId,
    refusedClients,
    profileByDefault: profileScope,
    findUser: userDirectory(devices),
    tokens,
    endedSessions: new EndedSessions(now),
  };
  await app.register(identityProvider, { realm, realmName, signingAlg, host, counts });
  await app.register(ingestionEndpoint, { tokens, realmName, host, counts });

  const url = originOf(host, await listen(app, host, port));
  const issuer = `${url}${realmPath(realmName)}`;

  return {
    url,
    issuer,
    tokenUrl: `${issuer}/protocol/openid-connect/token`,
    ingestionUrl: url,
    counts,
    close: () => app.close(),
  };
}

/** Starts listening, and says on which port. */
async function listen(app: FastifyInstance, host: string, port: number): Promise<number> {
  try {
    await app.listen({ host, port });
    const [address] = app.addresses();
    return typeof address === 'object' ? address.port : port;
  } catch (error) {
    await app.close();
    const reason =
      typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unknown';
    throw standInError('SERVER_NOT_STARTED', { host, port, reason });
  }
}
