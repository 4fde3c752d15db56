import { afterEach } from '@jest/globals';
import { readFileSync } from 'node:fs';
import type { RequestListener, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo, Server, Socket } from 'node:net';
import type { Device } from '../../../src/device/device.js';
import { biotzProfile } from '../../../src/platform/profile.js';
import { Secret } from '../../../src/secret/secret.js';
import { type ConnectionOptions, openConnections } from '../../../src/http/connections.js';
import type { Engine } from '../../../src/fleet/engine.js';
import { createTokenEngine, type TokenEngineOptions } from '../../../src/token/engine.js';
import type { Login } from '../../../src/token/engine.js';
import type { LoginProfile } from '../../../src/token/token-request.js';

const fixture = (name: string) =>
  readFileSync(new URL(`../../fixtures/tls/${name}`, import.meta.url), 'utf8');

/** A certificate for localhost and 127.0.0.1 that only itself vouches for, and its key. */
export const tls = { cert: fixture('certificate.pem'), key: fixture('key.pem') };

/** Looks like variables, and like everything that an encoding has to treat with care. */
export const awkward = 'pa{{client_id}}ss {{$guid}} &=+%"<é\n\r\n\r😀';

const toClose: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  await Promise.all(toClose.splice(0).map((close) => close()));
});

/** Closes something after the test. */
export function closing<T extends { close(): Promise<unknown> }>(thing: T): T {
  toClose.push(() => thing.close());
  return thing;
}

/** Lets a server listen on a free loopback port until the test has ended. */
export async function listening(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  toClose.push(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  });
  return (server.address() as AddressInfo).port;
}

/** A token endpoint that does what it is told. */
export async function endpoint(listener: RequestListener): Promise<string> {
  return `http://127.0.0.1:${await listening(createServer(listener))}/token`;
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

export function deviceOf(username: string, password = awkward): Device {
  return {
    deviceId: `id of ${username}`,
    name: username,
    username,
    password: new Secret(password),
    line: 2,
    otherColumns: {},
  };
}

export const profileOf = (tokenUrl: string, changes: Partial<LoginProfile> = {}): LoginProfile => ({
  ...biotzProfile,
  bodyMode: 'urlencoded',
  ...changes,
  tokenUrl,
});

export interface EngineSetup extends Pick<TokenEngineOptions, 'verify' | 'endSessions' | 'now'> {
  readonly profile?: Partial<LoginProfile>;
  readonly connections?: ConnectionOptions;
}

/** An engine that is closed after the test. */
export function engineFor(
  tokenUrl: string,
  { profile = {}, connections = {}, ...options }: EngineSetup = {},
): Engine<Login> {
  return closing(
    createTokenEngine({
      profile: profileOf(tokenUrl, profile),
      connections: openConnections(tokenUrl, connections),
      ...options,
    }),
  );
}
