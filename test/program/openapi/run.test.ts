import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Secret } from '../../../src/secret/secret.js';
import type { StandIn } from '../../../src/stand-in/server.js';
import { startStandIn } from '../../../src/stand-in/server.js';
import { complete, writeCsv } from '../cli/fleet.js';
import { inTemporaryFolder } from '../../support/folder.js';
import { node, program } from '../../support/program.js';

const newman = createRequire(import.meta.url).resolve('newman/bin/newman.js');
const rows = [{ name: 'one' }, { name: 'two' }, { name: 'three' }];

let platform: StandIn;
/** What an API was asked: method, path, and whether a token came along. */
const asked: string[] = [];
const api = createServer((request, response) => {
  const hasToken = request.headers.authorization?.startsWith('Bearer ey') === true;
  asked.push(`${request.method} ${request.url}${hasToken ? ' with a token' : ''}`);
  response.end('{}');
});
let apiUrl = '';

beforeAll(async () => {
  const users = rows.map((row, at) => complete(row, at));
  platform = await startStandIn({
    devices: users.map(({ username, password }) => ({ username, password: new Secret(password) })),
    behaviour: 'gateway',
    signingAlg: 'ES256',
  });
  await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
  const address = api.address();
  apiUrl = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/v1`;
});
afterAll(async () => {
  await platform.close();
  api.close();
});
beforeEach(() => {
  asked.length = 0;
});

const responses = { 200: { description: 'ok' } };
const paths = {
  '/devices/{deviceId}': { delete: { responses }, get: { responses } },
  '/devices': { post: { responses } },
  '/open': { get: { security: [], responses } },
};
const id = (at: number) => complete({}, at).id;

/** Generates for the fleet, and gives the paths of what was written. */
async function generated(folder: string, document: object = { servers: [{ url: apiUrl }], paths }) {
  const file = join(folder, 'api.json');
  const out = join(folder, 'out');
  await writeFile(
    file,
    JSON.stringify({ openapi: '3.0.3', info: { title: 'API', version: '1' }, ...document }),
  );
  const written = ['--openapi', file, '--out', out, '--message-type', 'climate'];
  const server = ['--token-url', platform.tokenUrl, '--ingestion-url', platform.ingestionUrl];
  const made = await program(['generate', await writeCsv(folder, rows), ...written, ...server]);
  expect(made.status).toBe(0);
  return {
    collection: join(out, 'biotz.postman_collection.json'),
    shared: join(out, 'biotz.shared.postman_environment.json'),
    one: join(out, 'private/one.postman_environment.json'),
    data: join(out, 'private/devices.data.json'),
    credentials: join(folder, 'devices.csv'),
  };
}

const requestsOf = (output: string) => Number(/requests\s*│\s*(\d+)/.exec(output)?.[1]);

test('a run of the whole collection sends no request of the API for a fleet', () =>
  inTemporaryFolder(async (folder) => {
    const { collection, shared, data } = await generated(folder);
    const { status, stdout } = await node([newman, 'run', collection, '-e', shared, '-d', data]);
    expect(status).toBe(0);
    expect(asked).toEqual([]);
    expect(requestsOf(stdout)).toBe(6);
  }));

test('a run sends no request of the API for one device, even without a message to publish', () =>
  inTemporaryFolder(async (folder) => {
    const { collection, one } = await generated(folder);
    for (const messageType of ['climate', '']) {
      const chosen = ['--env-var', `message_type=${messageType}`];
      const { status } = await node([newman, 'run', collection, '-e', one, ...chosen]);
      expect(status).toBe(0);
    }
    expect(asked).toEqual([]);
  }));

test('our own run of the collection sends no request of the API', () =>
  inTemporaryFolder(async (folder) => {
    const { collection, shared, credentials } = await generated(folder);
    const given = [
      '--collection',
      collection,
      '--environment',
      shared,
      '--report-dir',
      join(folder, 'report'),
    ];
    const { status, stdout } = await program(['run', credentials, ...given]);
    expect(stdout).toContain('3 attempted, 3 passed');
    expect(status).toBe(0);
    expect(asked).toEqual([]);
  }));

test('a run over data that names the folder sends only requests that change nothing', () =>
  inTemporaryFolder(async (folder) => {
    const { collection, shared, data } = await generated(folder);
    const folders = ['--folder', 'Get token', '--folder', 'API'];
    const rows: unknown[] = JSON.parse(await readFile(data, 'utf8'));
    for (const count of [3, 1]) {
      asked.length = 0;
      await writeFile(data, JSON.stringify(rows.slice(0, count)));
      await node([newman, 'run', collection, '-e', shared, '-d', data, ...folders]);
      expect(asked).toEqual(
        rows.slice(0, count).flatMap((_, at) => [`GET /v1/devices/${id(at)} with a token`, 'GET /v1/open']),
      );
    }
  }));

test('a run for one environment that names the folder sends all its requests, with the token where the document requires it', () =>
  inTemporaryFolder(async (folder) => {
    const { collection, one } = await generated(folder);
    const folders = ['--folder', 'Get token', '--folder', 'API'];
    const { status } = await node([newman, 'run', collection, '-e', one, ...folders]);
    expect(status).toBe(0);
    expect(asked).toEqual([
      'POST /v1/devices with a token',
      `GET /v1/devices/${id(0)} with a token`,
      `DELETE /v1/devices/${id(0)} with a token`,
      'GET /v1/open',
    ]);
    asked.length = 0;
    await node([newman, 'run', collection, '-e', one, ...folders, '-n', '2']);
    expect(asked.filter((each) => !each.startsWith('GET'))).toEqual([]);
  }));

test('the platform accepts a request of the document', () =>
  inTemporaryFolder(async (folder) => {
    const schema = { type: 'object', properties: { temp: { type: 'number' } } };
    const requestBody = { content: { 'application/json': { schema } } };
    const publish = { summary: 'Send data', requestBody, responses };
    const { collection, one } = await generated(folder, {
      servers: [{ url: platform.ingestionUrl }],
      paths: { '/api/device/publish/data/{messageType}': { post: publish } },
    });
    const before = platform.counts.published;
    const folders = ['--folder', 'Get token', '--folder', 'Send data'];
    const { status, stdout } = await node([newman, 'run', collection, '-e', one, ...folders]);
    expect(stdout).toMatch(/Send data\n.*\/api\/device\/publish\/data\/climate \[200 OK/);
    expect(status).toBe(0);
    expect(platform.counts.published).toBe(before + 1);
  }));
