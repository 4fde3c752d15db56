import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerRows, formData, username } from '../platform/token-answer-rows.js';
import { deviceOf, engineFor } from './fixture.js';

let server: Server;
let next: { readonly status: number; readonly body: string };
let tokenUrl: string;
beforeAll(async () => {
  server = createServer((_request, response) => response.writeHead(next.status).end(next.body));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  tokenUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

test.each(answerRows)(
  'an answer %s (%i) means over HTTP what it means in Newman',
  async (_what, status, make, meaning, asked = {}) => {
    const made = make();
    next = { status, body: typeof made === 'string' ? made : JSON.stringify(made) };
    const { shape = formData, username: user = username } = asked;
    const engine = engineFor(tokenUrl, { profile: shape });
    const { tokens, ...attempt } = await engine.attempt(deviceOf(user));
    expect(attempt.failure?.reason ?? 'accepted').toBe(meaning);
    expect(attempt.requests).toMatchObject([{ name: 'Get token', status }]);
    expect(tokens !== undefined).toBe(meaning === 'accepted');
  },
);
