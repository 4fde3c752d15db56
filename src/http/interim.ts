import type { Socket } from 'node:net';
import { NoAnswerError } from './reply.js';

/** As long as a head may be in Node and undici, in bytes. */
const LONGEST_HEAD = 16_384;

/**
 * Lets undici read a connection on which a server sends interim answers (RFC 9110, 15.2), which a client must skip even if
 * it did not ask for them. undici 7.30 closes the connection at a `100 Continue`, and reports a `101` only as a closed
 * connection (`onHeadersComplete` in lib/dispatcher/client-h1.js). Each connection has a single request in flight, so an
 * answer begins after a write.
 *
 * @returns the same socket
 */
export function skipInterimAnswers<S extends Socket>(socket: S): S {
  const read = socket.read.bind(socket);
  const write = socket.write.bind(socket) as (...args: readonly unknown[]) => boolean;
  let isAtStart = true;
  let held = Buffer.alloc(0);
  return Object.assign(socket, {
    write(...args: readonly unknown[]): boolean {
      isAtStart = true;
      return write(...args);
    },
    read(size?: number): Buffer | null {
      const chunk = read(size) as Buffer | null;
      if (chunk === null || !isAtStart) return chunk;
      held = Buffer.concat([held, chunk]);
      const skipped = interimBytes(held);
      if (skipped === 'switched') {
        socket.destroy(new NoAnswerError('status-unexpected', 'HTTP 101'));
        return null;
      }
      if (skipped === 'unfinished') return null;
      isAtStart = false;
      const rest = held.subarray(skipped);
      held = Buffer.alloc(0);
      return rest;
    },
  });
}

/**
 * Measures the interim answers before the final one.
 *
 * @returns their length; `unfinished`: only more bytes can tell; `switched`: the server changed the protocol
 */
function interimBytes(data: Buffer): number | 'unfinished' | 'switched' {
  for (let from = 0; ;) {
    const head = data.toString('latin1', from, from + LONGEST_HEAD);
    if (/^HTTP\/1\.[01] 101\b/.test(head)) return 'switched';
    if (/^HTTP\/1\.[01] 1\d\d/.test(head)) {
      const end = head.indexOf('\r\n\r\n');
      if (end < 0) return head.length < LONGEST_HEAD ? 'unfinished' : from;
      from += end + 4;
    } else {
      return isStart(head) ? 'unfinished' : from;
    }
  }
}

/** Whether this may become the status line of an interim answer. */
function isStart(head: string): boolean {
  return (
    /^HTTP\/1\.[01] 1\d?$/.test(head) || ['HTTP/1.0 ', 'HTTP/1.1 '].some((line) => line.startsWith(head))
  );
}
