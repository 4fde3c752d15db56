import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { connect } from 'node:net';
import { csvOf } from '../cli/fleet.js';
import type { Finished } from '../../support/program.js';
import { spawnProgram as program } from '../../support/program.js';
import type { TokenServer } from '../../unit/newman/token-server.js';
import { startTokenServer } from '../../unit/newman/token-server.js';

const fixture = (name: string) => readFileSync(new URL(`../../fixtures/tls/${name}`, import.meta.url));
const tls = { key: fixture('key.pem'), cert: fixture('certificate.pem') };

let plain: TokenServer;
let secure: TokenServer;
beforeAll(async () => {
  plain = await startTokenServer();
  secure = await startTokenServer({ tls });
});
afterAll(async () => {
  await plain.close();
  await secure.close();
});

/** A proxy on loopback that answers every plain request itself, and tunnels every CONNECT to one server. */
async function startProxy(target: TokenServer, refusal?: number) {
  const seen: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    seen.push(`${request.method} ${request.url}`);
    response.writeHead(502).end();
  });
  server.on('connect', (request, client) => {
    seen.push(`CONNECT ${request.url}`);
    if (refusal !== undefined) {
      client.end(`HTTP/1.1 ${refusal} No\r\ncontent-length: 0\r\n\r\n`);
      return;
    }
    const upstream = connect(Number(new URL(target.origin).port), '127.0.0.1', () => {
      client.write('HTTP/1.1 200 OK\r\n\r\n');
      upstream.pipe(client).pipe(upstream);
    });
    for (const socket of [client as Socket, upstream]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    });
  };
  return { seen, url, close };
}

function runWith(
  username: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<Finished> {
  return program(['run', '-', ...args], { input: csvOf([{ username }]), env });
}

describe('a proxy in the environment', () => {
  test('never sees what is sent to this machine', async () => {
    const proxy = await startProxy(plain);
    try {
      for (const host of ['127.0.0.1', 'localhost']) {
        const tokenUrl = plain.tokenUrl.replace('127.0.0.1', host);
        const env = { http_proxy: proxy.url, HTTP_PROXY: proxy.url, https_proxy: proxy.url };
        expect((await runWith('ok', ['--token-url', tokenUrl], env)).stdout).toContain('1 passed');
      }
      expect(proxy.seen).toEqual([]);
    } finally {
      await proxy.close();
    }
  });

  test('tunnels https, where the deadline is kept as well', async () => {
    const proxy = await startProxy(secure);
    const args = ['--token-url', 'https://auth.example.test/token', '--insecure'];
    try {
      const env = { https_proxy: proxy.url };
      expect((await runWith('ok', args, env)).stdout).toContain('1 passed');
      const dripping = await runWith('drip', [...args, '--timeout-request', '500'], env);
      expect(dripping.stdout).toContain('[timeout]');
      expect(dripping.status).toBe(3);
      expect(new Set(proxy.seen)).toEqual(new Set(['CONNECT auth.example.test:443']));
    } finally {
      await proxy.close();
    }
  });
});

describe('a proxy that makes no connection is named by run and token alike', () => {
  const tokenUrl = 'https://auth.example.test/token';
  const lanes = [
    ['run', '-'],
    ['token', '-', '--no-verify'],
  ] as const;

  test.each([
    [403, 1],
    [407, 1],
    [503, 3],
  ])('if it answers %i, and is asked %i times', async (refusal, times) => {
    for (const lane of lanes) {
      const proxy = await startProxy(secure, refusal);
      try {
        const { status, stdout, stderr } = await program([...lane, '--token-url', tokenUrl], {
          input: csvOf([{ username: 'ok' }]),
          env: { https_proxy: proxy.url },
        });
        expect(stdout + stderr).toMatch(/\[proxy-failed\]/);
        expect(stdout + stderr).toContain(`HTTP ${refusal}`);
        expect({ status, asked: proxy.seen.length }).toEqual({ status: 3, asked: times });
      } finally {
        await proxy.close();
      }
    }
  });

  test('if it does not answer', async () => {
    for (const lane of lanes) {
      const { status, stdout, stderr } = await program([...lane, '--token-url', tokenUrl, '--retries', '0'], {
        input: csvOf([{ username: 'ok' }]),
        env: { https_proxy: 'http://127.0.0.1:9' },
      });
      expect(stdout + stderr).toMatch(/\[proxy-failed\]/);
      expect(status).toBe(3);
    }
  });
});

describe('a certificate that no authority signed', () => {
  test('ends the device before anything is sent', async () => {
    const before = secure.bodies.length;
    const { status, stdout } = await runWith('ok', ['--token-url', secure.tokenUrl]);
    expect(stdout).toContain('[certificate-invalid]');
    expect(status).toBe(3);
    expect(secure.bodies).toHaveLength(before);
  });

  test('is accepted with --insecure, with a warning', async () => {
    const { status, stderr } = await runWith('ok', ['--token-url', secure.tokenUrl, '--insecure']);
    expect(status).toBe(0);
    expect(stderr).toContain('warning');
  });

  test('is accepted when its authority is', async () => {
    const authority = new URL('../../fixtures/tls/certificate.pem', import.meta.url).pathname;
    const { stdout } = await runWith('ok', ['--token-url', secure.tokenUrl], {
      NODE_EXTRA_CA_CERTS: authority,
    });
    expect(stdout).toContain('1 passed');
  });
});
