import { once } from 'node:events';
import { connect, isIP, type Socket } from 'node:net';
import { connect as connectSecurely, type SecureContext, type TLSSocket } from 'node:tls';
import { createTunnel } from '../http/tunnel.js';

/** How a server is reached. */
export interface Way {
  readonly target: URL;
  readonly proxy: URL | undefined;
  /** For a proxy that is itself reached by https; without a client certificate, which is for the server alone. */
  readonly proxyContext: SecureContext;
  /** Accept any certificate of such a proxy. */
  readonly insecure: boolean;
  /** Until there is a connection, and again until TLS is spoken on it. */
  readonly timeoutMs: number;
}

/** Connects as logins do, directly or through the proxy; what is spoken on the connection comes after. */
function dial({ target, proxy, proxyContext, insecure, timeoutMs }: Way): Promise<Socket> {
  const host = hostOf(target);
  const port = target.port === '' ? '443' : target.port;
  if (proxy === undefined) {
    const socket = connect({ host, port: Number(port) });
    return within(timeoutMs, connected(socket, 'connect'), () => socket.destroy());
  }
  const end = new AbortController();
  const tunnel = createTunnel({
    proxy,
    secureContext: proxyContext,
    rejectUnauthorized: !insecure,
    timeoutMs,
    signal: end.signal,
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
 * Speaks TLS with a server, whatever its certificate is: that is looked at afterwards, and nothing is sent.
 *
 * @returns a connection that the caller has to destroy
 * @throws an error with Node's or OpenSSL's code; a NoAnswerError of the proxy's
 */
export async function dialSecurely(
  way: Way,
  { secureContext, http2 }: { readonly secureContext: SecureContext; readonly http2: boolean },
): Promise<TLSSocket> {
  const socket = await dial(way);
  const host = hostOf(way.target);
  const secure = connectSecurely({
    socket,
    // RFC 6066, 3: no addresses.
    ...(isIP(host) === 0 && { servername: host }),
    secureContext,
    rejectUnauthorized: false,
    // So that only the chain is judged here.
    checkServerIdentity: () => undefined,
    ALPNProtocols: http2 ? ['h2', 'http/1.1'] : ['http/1.1'],
  });
  try {
    return await within(
      way.timeoutMs,
      connected(secure, 'secureConnect').then(() => secure),
    );
  } catch (error) {
    secure.destroy();
    socket.destroy();
    throw error;
  }
}

export function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, '');
}

/** `once` rejects at an error; one that comes later would end the process. */
async function connected<S extends Socket>(socket: S, event: 'connect' | 'secureConnect'): Promise<S> {
  await once(socket, event);
  socket.on('error', () => socket.destroy());
  return socket;
}

/** Something did not come in time; has the code that Node gives to a connection for which that is so. */
class DeadlineError extends Error {
  readonly code = 'ETIMEDOUT';
}

/**
 * Waits for something, but not for ever.
 *
 * @param giveUp lets go of what would still come
 * @throws what it was waiting for throws, or an error with the code ETIMEDOUT
 */
export async function within<T>(
  timeoutMs: number,
  wanted: Promise<T>,
  giveUp: () => void = () => undefined,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new DeadlineError());
      giveUp();
    }, timeoutMs);
  });
  try {
    return await Promise.race([wanted, deadline]);
  } finally {
    clearTimeout(timer);
  }
}
