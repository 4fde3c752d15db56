import { once } from 'node:events';
import { connect, isIP, type Socket } from 'node:net';
import { connect as connectSecurely, type SecureContext, type TLSSocket } from 'node:tls';
import { createTunnel } from '../http/tunnel.js';

/** How to connect to a server. */
export interface Route {
  readonly target: URL;
  readonly proxy: URL | undefined;
  /** For a proxy with an https:// address. It has no client certificate, which is only for the server. */
  readonly proxyContext: SecureContext;
  /** Whether to accept every certificate of such a proxy. */
  readonly insecure: boolean;
  /** Limit for the connection, and again for TLS on it. */
  readonly timeoutMs: number;
}

/** @returns a connection that the caller must destroy */
export async function connectTo(host: string, port: number, timeoutMs: number): Promise<Socket> {
  const socket = connect({ host, port });
  try {
    return await withDeadline(timeoutMs, connected(socket, 'connect'));
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

/** Connects as logins do, directly or through the proxy, without TLS. */
function dial({ target, proxy, proxyContext, insecure, timeoutMs }: Route): Promise<Socket> {
  const port = target.port === '' ? '443' : target.port;
  if (proxy === undefined) return connectTo(hostOf(target), Number(port), timeoutMs);
  const tunnel = createTunnel({
    proxy,
    secureContext: proxyContext,
    rejectUnauthorized: !insecure,
    timeoutMs,
    signal: new AbortController().signal,
    secure: ({ httpSocket }, callback) =>
      httpSocket ? callback(null, httpSocket) : callback(new Error('no tunnel'), null),
  });
  return new Promise((resolve, reject) => {
    tunnel(
      { hostname: target.hostname, host: target.host, protocol: target.protocol, port },
      (...[error, socket]) => {
        if (error === null) resolve(socket);
        else reject(error);
      },
    );
  });
}

/**
 * Makes a TLS connection to a server and accepts every certificate, so that the caller can examine it. Sends no data.
 *
 * @returns a connection that the caller must destroy
 * @throws an error with Node's or OpenSSL's code, or a NoAnswerError if the proxy refuses
 */
export async function dialSecurely(
  route: Route,
  { secureContext, http2 }: { readonly secureContext: SecureContext; readonly http2: boolean },
): Promise<TLSSocket> {
  const socket = await dial(route);
  const host = hostOf(route.target);
  const secure = connectSecurely({
    socket,
    // RFC 6066, 3: an address must not be sent as a server name.
    ...(isIP(host) === 0 && { servername: host }),
    secureContext,
    rejectUnauthorized: false,
    // Then `authorizationError` is only about the chain.
    checkServerIdentity: () => undefined,
    ALPNProtocols: http2 ? ['h2', 'http/1.1'] : ['http/1.1'],
  });
  try {
    return await withDeadline(route.timeoutMs, connected(secure, 'secureConnect'));
  } catch (error) {
    secure.destroy();
    socket.destroy();
    throw error;
  }
}

/** A host without the brackets of an IPv6 address. */
export function hostOf({ hostname }: Pick<URL, 'hostname'>): string {
  return hostname.replace(/^\[|\]$/g, '');
}

/** Waits for a connection. A later error must not end the process. */
async function connected<S extends Socket>(socket: S, event: 'connect' | 'secureConnect'): Promise<S> {
  await once(socket, event);
  socket.on('error', () => socket.destroy());
  return socket;
}

/**
 * Waits for a promise with a time limit.
 *
 * @throws an error of the promise, or one with the code ETIMEDOUT, as Node's own connections have it
 */
export async function withDeadline<T>(timeoutMs: number, wanted: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(Object.assign(new Error('no answer in time'), { code: 'ETIMEDOUT' })),
      timeoutMs,
    );
  });
  try {
    return await Promise.race([wanted, deadline]);
  } finally {
    clearTimeout(timer);
  }
}
