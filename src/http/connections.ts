import { setMaxListeners } from 'node:events';
import { TLSSocket } from 'node:tls';
import { buildConnector, Pool } from 'undici';
import { isInsecure } from '../platform/urls.js';
import { type ClientCertificate, secureContextOf } from './certificates.js';
import { Exchange } from './exchange.js';
import { skipInterimAnswers } from './interim.js';
import { type ProxySettings, proxyFor } from './proxy.js';
import { NoAnswerError, type Reply } from './reply.js';
import { createTunnel } from './tunnel.js';

export interface ConnectionOptions {
  /** A deadline for each request, from asking for a connection to the last byte of its answer; 30,000 ms. */
  readonly timeoutMs?: number;
  /** How long a connection, its TLS included, may take to be made; 10,000 ms. */
  readonly connectTimeoutMs?: number;
  /** The largest body that is taken, as it was sent and unpacked; 1,000,000 bytes. */
  readonly maxAnswerBytes?: number;
  /** The most concurrent connections, 1 to 1,024; 64 by default. Further requests wait, and their deadlines run. */
  readonly connections?: number;
  /** Accept plain `http:` beyond this machine, and any certificate. */
  readonly insecure?: boolean;
  /** Offer HTTP/2 to the server, still with a single request in flight on each connection. */
  readonly http2?: boolean;
  readonly proxy?: ProxySettings;
  /** Texts with certificates in PEM: authorities that are trusted beside the well-known ones. */
  readonly ca?: readonly string[];
  readonly clientCertificate?: ClientCertificate | undefined;
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT';
  /** Path and query, as a URL has them. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Connections to one server. */
export interface Connections {
  /** Sends a request once, and follows no redirect. Never rejects: every failure is a reply. */
  send(request: HttpRequest): Promise<Reply>;
  /** Aborts all requests in flight, which then get no answer, and frees all resources. */
  close(): Promise<void>;
}

/**
 * Prepares connections to a server, which are made when they are needed. A server that must not or cannot be reached does
 * not cause an exception: its requests are not sent, and get the reply `url-insecure` or `url-invalid`.
 *
 * @param address a URL of the server; only its origin counts
 * @throws {BiotzPostmanError} CERTIFICATE_UNUSABLE, OPTION_INVALID (the proxy)
 */
export function openConnections(address: string, options: ConnectionOptions = {}): Connections {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) return closed('url-invalid');
  if (options.insecure !== true && isInsecure(url)) return closed('url-insecure');

  const { timeoutMs = 30_000, maxAnswerBytes = 1_000_000 } = options;
  const end = new AbortController();
  // Every connection listens to it; Node would take more than ten for a leak.
  setMaxListeners(0, end.signal);
  const pool = new Pool(url.origin, {
    connections: options.connections ?? 64,
    connect: connectorFor(url, options, end.signal),
    allowH2: options.http2 ?? false,
    // One deadline covers everything; undici's own timeouts only measure silence.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  return {
    send: (request) =>
      new Promise((resolve) => {
        pool.dispatch(request, new Exchange({ timeoutMs, maxAnswerBytes }, resolve));
      }),
    async close() {
      await pool.destroy();
      // Undici does not end connections that are still being made.
      end.abort();
    },
  };
}

function closed(reason: 'url-invalid' | 'url-insecure'): Connections {
  const { reply } = new NoAnswerError(reason);
  return { send: () => Promise.resolve(reply), close: () => Promise.resolve() };
}

function connectorFor(url: URL, options: ConnectionOptions, signal: AbortSignal): buildConnector.connector {
  const { ca = [], clientCertificate, connectTimeoutMs: timeoutMs = 10_000 } = options;
  // Always set, because NODE_TLS_REJECT_UNAUTHORIZED could turn it off otherwise.
  const rejectUnauthorized = options.insecure !== true;
  const secure = buildConnector({
    timeout: timeoutMs,
    allowH2: options.http2 ?? false,
    signal,
    ...(url.protocol === 'https:' && {
      secureContext: secureContextOf(ca, clientCertificate),
      rejectUnauthorized,
    }),
  });
  const proxy = proxyFor(url, options.proxy ?? {});
  if (proxy === undefined) return skippingInterimAnswers(secure);
  const tunnel = createTunnel({
    proxy,
    // Without the client certificate, which is for the server alone.
    secureContext: secureContextOf(ca),
    rejectUnauthorized,
    timeoutMs,
    signal,
    secure,
  });
  return skippingInterimAnswers(tunnel);
}

function skippingInterimAnswers(connect: buildConnector.connector): buildConnector.connector {
  return (target, callback) =>
    connect(target, (...[error, socket]) => {
      if (error !== null) return callback(error, null);
      // HTTP/2 has frames, which Node's own client reads.
      const isHttp2 = socket instanceof TLSSocket && socket.alpnProtocol === 'h2';
      return callback(null, isHttp2 ? socket : skipInterimAnswers(socket));
    });
}
