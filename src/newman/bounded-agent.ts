import type { ClientRequest } from 'node:http';
import http from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import type { ReasonCode } from '../platform/reason.js';
import { isInsecure } from '../platform/urls.js';

/** Limits on each request of a run. */
export interface RequestBounds {
  /** From sending a request to the last byte of its answer, in milliseconds; a day at most. */
  readonly timeoutMs: number;
  /** Bytes of an answer on the wire, head included. */
  readonly maxAnswerBytes: number;
  /** Whether plain `http:` may leave this machine. */
  readonly insecure: boolean;
}

/** Thrown when a bound ends a request. Newman passes the error on to its `request` event. */
export class BoundError extends Error {
  readonly reason: ReasonCode;
  /** The exact problem, if the reason leaves it open. */
  readonly detail: string | undefined;

  constructor(
    reason: 'timeout' | 'answer-too-large' | 'url-insecure' | 'connection-reset' | 'status-unexpected',
    detail?: string,
  ) {
    super(reason);
    this.reason = reason;
    this.detail = detail;
  }
}

/** `101 Switching Protocols`: what follows is no longer HTTP. */
export const switchedProtocols = () => new BoundError('status-unexpected', 'HTTP 101');

// Node calls addRequest for every request that an agent serves; agent-base, on which most proxy agents
// stand, relies on it as well. The types leave it out.
declare module 'node:http' {
  interface Agent {
    addRequest(request: ClientRequest, options: RequestTarget): void;
  }
}

interface RequestTarget {
  readonly protocol?: string | null;
  readonly host?: string | null;
}

/**
 * Creates agents that bound the time and size of each request. Newman's own `timeoutRequest` only measures silence, and it
 * holds an answer of any size (measured on 6.2.2: an answer that dripped for 5.5 s passed with 1.5 s, and 50 MB cost
 * 1.7 GB). Its `requestAgents` option lets these agents see every request, including those of scripts and redirects.
 */
export function createBoundedAgents(bounds: RequestBounds): { http: http.Agent; https: https.Agent } {
  class BoundedHttpAgent extends http.Agent {
    override addRequest(request: ClientRequest, options: RequestTarget): void {
      if (guard(request, options, bounds)) super.addRequest(request, options);
    }
  }
  class BoundedHttpsAgent extends https.Agent {
    override addRequest(request: ClientRequest, options: RequestTarget): void {
      if (guard(request, options, bounds)) super.addRequest(request, options);
    }
  }
  return {
    http: new BoundedHttpAgent({ keepAlive: true }),
    // Set explicitly: Newman leaves it to the environment, where NODE_TLS_REJECT_UNAUTHORIZED can turn it off.
    https: new BoundedHttpsAgent({ keepAlive: true, rejectUnauthorized: !bounds.insecure }),
  };
}

/** Sets the bounds on a request that is about to be sent; false if it must not be sent. */
function guard(request: ClientRequest, options: RequestTarget, bounds: RequestBounds): boolean {
  if (!bounds.insecure && hopsOf(request, options).some(isInsecure)) {
    // Not destroy(): without a socket a request never emits its error.
    process.nextTick(() => request.emit('error', new BoundError('url-insecure')));
    return false;
  }
  const timer = setTimeout(() => request.destroy(new BoundError('timeout')), bounds.timeoutMs);
  let isSettled = false;
  for (const event of ['response', 'error'] as const) request.once(event, () => (isSettled = true));
  // Without this listener Node destroys the socket and reports nothing (`_http_client.js`), and Newman waits forever.
  request.once('upgrade', (_response, socket) => {
    socket.destroy();
    request.emit('error', switchedProtocols());
  });
  request.once('close', () => {
    clearTimeout(timer);
    // Newman waits forever for a request that closes without an answer or error.
    if (!isSettled) request.emit('error', new BoundError('connection-reset'));
  });
  request.once('socket', (socket) => limitAnswer(request, socket, bounds.maxAnswerBytes));
  return true;
}

/**
 * The hosts that a request reaches: the one it connects to and, through an HTTP proxy, the one that its path names as a
 * whole URL (RFC 9112, 3.2.2). A proxy reads the whole request, whatever the URL's protocol.
 */
function hopsOf(request: ClientRequest, options: RequestTarget): URL[] {
  const host = options.host ?? 'localhost';
  const connected = new URL(`${options.protocol ?? 'http:'}//${host.includes(':') ? `[${host}]` : host}`);
  return /^https?:\/\//i.test(request.path) ? [connected, new URL(request.path)] : [connected];
}

function limitAnswer(request: ClientRequest, socket: Socket, maxBytes: number): void {
  let received = 0;
  const count = (chunk: Buffer) => {
    received += chunk.length;
    if (received > maxBytes) request.destroy(new BoundError('answer-too-large'));
  };
  socket.on('data', count);
  request.once('close', () => socket.off('data', count));
}
