import http from 'node:http';
import https from 'node:https';
import { isIP } from 'node:net';
import type { SecureContext } from 'node:tls';
import type { buildConnector } from 'undici';
import { errorCode } from '../errors/error-code.js';
import { NoAnswerError } from './reply.js';

export interface TunnelOptions {
  readonly proxy: URL;
  /** For a proxy that is itself reached by https. */
  readonly secureContext: SecureContext;
  readonly rejectUnauthorized: boolean;
  /** Until the proxy has made its connection, in milliseconds. */
  readonly timeoutMs: number;
  /** Ends what is under way. */
  readonly signal: AbortSignal;
  /** Speaks TLS with the server through the tunnel. */
  readonly secure: buildConnector.connector;
}

/**
 * Connects through an HTTP proxy with CONNECT (RFC 9110, 9.3.6): the proxy sees a host and a port, and no
 * more. In place of undici's ProxyAgent, which asks a proxy that hangs up again and again without end, and
 * says of no failure whether it was the proxy's (measured on 7.30).
 */
export function createTunnel(options: TunnelOptions): buildConnector.connector {
  return (target, callback) => {
    const request = connectRequest(target, options);
    const timer = setTimeout(() => request.destroy(new NoAnswerError('timeout')), options.timeoutMs);
    let isAnswered = false;
    // Node calls every answer to CONNECT a connection, whatever its status.
    request.once('connect', ({ statusCode = 0 }, socket, head) => {
      clearTimeout(timer);
      isAnswered = true;
      if (statusCode < 200 || statusCode > 299) {
        socket.destroy();
        return callback(new NoAnswerError('proxy-failed', `HTTP ${statusCode}`), null);
      }
      if (head.length > 0) socket.unshift(head);
      return options.secure({ ...target, httpSocket: socket }, callback);
    });
    request.on('error', (error) => {
      clearTimeout(timer);
      if (isAnswered) return;
      callback(
        error instanceof NoAnswerError ? error : new NoAnswerError('proxy-failed', errorCode(error)),
        null,
      );
    });
    request.end();
  };
}

function connectRequest(target: buildConnector.Options, options: TunnelOptions): http.ClientRequest {
  const { proxy, secureContext, rejectUnauthorized, signal } = options;
  const isSecure = proxy.protocol === 'https:';
  const host = proxy.hostname.replace(/^\[|\]$/g, '');
  const authority = `${target.host?.replace(/:\d+$/, '') ?? target.hostname}:${target.port || '443'}`;
  const authorization = proxyAuthorization(proxy);
  return (isSecure ? https : http).request({
    method: 'CONNECT',
    host,
    port: proxy.port || (isSecure ? 443 : 80),
    path: authority,
    headers: {
      host: authority,
      ...(authorization !== undefined && { 'proxy-authorization': authorization }),
    },
    // A tunnel's connection serves nothing else.
    agent: false,
    signal,
    ...(isSecure && {
      secureContext,
      rejectUnauthorized,
      // Else Node would take the Host header's, which is the server's.
      servername: isIP(host) === 0 ? host : '',
    }),
  });
}

/** RFC 7617; a user name or password in a URL is percent-encoded. */
function proxyAuthorization({ username, password }: URL): string | undefined {
  if (username === '' && password === '') return undefined;
  return `Basic ${Buffer.from(`${percentDecoded(username)}:${percentDecoded(password)}`).toString('base64')}`;
}

function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // The user wrote a "%" without encoding it.
    return text;
  }
}
