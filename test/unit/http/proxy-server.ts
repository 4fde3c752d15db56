import type { RequestListener } from 'node:http';
import { createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { connect, type Socket } from 'node:net';
import { listening, tls } from '../token/fixture.js';

export interface ProxyServer {
  readonly url: string;
  /** What it was asked, in order: the request line, and who asked. */
  readonly seen: string[];
}

export interface ProxyOptions {
  /** The loopback port to which every tunnel leads, wherever it was to go. */
  readonly port: number;
  /** The status of its answer to CONNECT; nothing for one that never answers, `hang up` for one that does just that. */
  readonly answer?: number | 'nothing' | 'hang up';
  /** Whether it is itself reached by https. */
  readonly secure?: boolean;
}

/** A proxy on loopback; closed after the test. */
export async function startProxy({ port, answer = 200, secure = false }: ProxyOptions): Promise<ProxyServer> {
  const seen: string[] = [];
  const plain: RequestListener = (request, response) => {
    seen.push(`${request.method} ${request.url}`);
    response.writeHead(502).end();
  };
  const server = secure ? createSecureServer(tls, plain) : createServer(plain);
  server.on('connect', (request, client: Socket) => {
    seen.push(
      [request.method, request.url, request.headers['proxy-authorization']].filter(Boolean).join(' '),
    );
    if (answer === 'nothing') return;
    if (answer === 'hang up') client.destroy();
    else if (answer !== 200) client.end(`HTTP/1.1 ${answer} Sorry\r\ncontent-length: 0\r\n\r\n`);
    else {
      const upstream = connect(port, '127.0.0.1', () => {
        client.write('HTTP/1.1 200 OK\r\n\r\n');
        upstream.pipe(client).pipe(upstream);
      });
      upstream.on('error', () => client.destroy());
      client.on('error', () => upstream.destroy()).on('close', () => upstream.destroy());
    }
  });
  return { url: `${secure ? 'https' : 'http'}://127.0.0.1:${await listening(server)}`, seen };
}
