import { fastify, type FastifyError, type FastifyInstance } from 'fastify';
import { errorCode } from '../errors/error-code.js';
import { send, sendError } from './answer.js';
import type { Behaviour } from './behaviour.js';
import { standInError } from './errors.js';
import { BODY_LIMIT, identityProvider } from './identity-provider.js';
import { ingestionEndpoint } from './ingestion-endpoint.js';
import { type Counts, issuerAt } from './site.js';
import { type ClientRefusal, type FindUser, type StandInUser, userDirectory } from './token-endpoint.js';
import { createTokens, EndedSessions, type SigningAlg } from './tokens.js';

export interface StandInOptions {
  /** The users who may log in, or a function that finds one by lower-cased username. */
  readonly devices: Iterable<StandInUser> | FindUser;
  readonly behaviour: Behaviour;
  /** Host on which to listen; default: loopback. */
  readonly host?: string;
  /** 0 (default): a free port. */
  readonly port?: number;
  readonly realm?: string;
  readonly clientId?: string;
  /** Further clients, which may not log a device in, and why. */
  readonly refusedClients?: ReadonlyMap<string, ClientRefusal>;
  /** Lifetime of access and id tokens, in seconds. */
  readonly tokenLifetimeS?: number;
  /** The time in milliseconds since the epoch. */
  readonly now?: () => number;
  readonly signingAlg?: SigningAlg;
  /** false: the client gets no refresh token. */
  readonly refreshTokens?: boolean;
  /** false: the client does not have the `profile` scope by default, so tokens name the user only on request. */
  readonly profileScope?: boolean;
}

/** A running stand-in for the platform. */
export interface StandIn {
  /** Its origin, without a path. */
  readonly url: string;
  readonly issuer: string;
  readonly tokenUrl: string;
  /** Origin of the ingestion endpoint, without a path. */
  readonly ingestionUrl: string;
  /** Updated with every request. */
  readonly counts: Readonly<Counts>;
  /** Stops listening and drops every connection. */
  close(): Promise<void>;
}

/**
 * Starts the embedded platform: identity provider and ingestion endpoint on one port. It writes no files and no logs.
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
  const counts: Counts = { logins: 0, refreshes: 0, refused: 0, logouts: 0, published: 0, unpublished: 0 };
  const site = { host, realmName, counts };

  const app = fastify({
    logger: false,
    bodyLimit: BODY_LIMIT,
    forceCloseConnections: true,
    requestTimeout: 30_000,
    connectionTimeout: 60_000,
    routerOptions: { ignoreTrailingSlash: true },
    // Fastify's own text repeats the path.
    frameworkErrors: (error, _request, reply) => void sendError(error, reply),
  });
  // Keycloak 26 sends no Date header, so the product must not depend on it.
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
  await app.register(identityProvider, { site, realm, signingAlg });
  await app.register(ingestionEndpoint, { site, tokens });

  const issuer = issuerAt(site, await listen(app, host, port));
  const url = new URL(issuer).origin;

  return {
    url,
    issuer,
    tokenUrl: `${issuer}/protocol/openid-connect/token`,
    ingestionUrl: url,
    counts,
    close: () => app.close(),
  };
}

/** Starts listening and returns the port. */
async function listen(app: FastifyInstance, host: string, port: number): Promise<number> {
  try {
    await app.listen({ host, port });
    const [address] = app.addresses();
    return typeof address === 'object' ? address.port : port;
  } catch (error) {
    await app.close();
    throw standInError('SERVER_NOT_STARTED', { host, port, reason: errorCode(error) ?? 'unknown' });
  }
}
