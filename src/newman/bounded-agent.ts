import type { ClientRequest } from 'node:http';
import http from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import type { ReasonCode } from '../platform/reason.js';
import { isInsecure } from '../platform/urls.js';

/** What one request of a run may cost, and where it may go. */
export interface RequestBounds {
  /** From sending a request to the last byte of its answer, in milliseconds; a day at most. */
  readonly timeoutMs: number;
  /** Bytes of an answer on the wire, head included. */
  readonly maxAnswerBytes: number;
  /** Whether plain `http:` may leave this machine. */
  readonly insecure: boolean;
}

/** Why a bound ended a request. Newman hands the error through to its `request` event. */
export class BoundError extends Error {
  readonly reason: ReasonCode;
  /** What exactly was wrong, if the reason leaves that open. */
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
 * Newman's own `timeoutRequest` only measures silence, and it holds an answer of any size (facts measured
 * on 6.2.2: an answer that dripped for 5.5 s passed at 1.5 s, and 50 MB cost 1.7 GB). Its `requestAgents`
 * option lets these agents see every request, those of scripts and redirects included.
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
    // Said here as well: Newman leaves it to the environment, where NODE_TLS_REJECT_UNAUTHORIZED can turn it off.
    https: new BoundedHttpsAgent({ keepAlive: true, rejectUnauthorized: !bounds.insecure }),
  };
}

/** Sets the bounds on a request that is about to be sent; false where it must not be. */
function guard(request: ClientRequest, options: RequestTarget, bounds: RequestBounds): boolean {
  if (!bounds.insecure && hopsOf(request, options).some(isInsecure)) {
    // Not destroy(): without a socket a request never tells its error.
    process.nextTick(() => request.emit('error', new BoundError('url-insecure')));
    return false;
  }
  const timer = setTimeout(() => request.destroy(new BoundError('timeout')), bounds.timeoutMs);
  let isTold = false;
  for (const event of ['response', 'error'] as const) request.once(event, () => (isTold = true));
  // Without this listener Node destroys the socket and reports nothing (`_http_client.js`), and Newman waits for ever.
  request.once('upgrade', (_response, socket) => {
    socket.destroy();
    request.emit('error', switchedProtocols());
  });
  request.once('close', () => {
    clearTimeout(timer);
    // Newman waits for ever for a request that closes without an answer or error.
    if (!isTold) request.emit('error', new BoundError('connection-reset'));
  });
  request.once('socket', (socket) => limitAnswer(request, socket, bounds.maxAnswerBytes));
  return true;
}

/**
 * Where a request goes: to the host that is connected to and, through an HTTP proxy, to the one that its path
 * names as a whole URL (RFC 9112, 3.2.2). A proxy reads all of it, whatever the URL's protocol.
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
