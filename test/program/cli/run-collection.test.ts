import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { writeFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { csvOf } from './fleet.js';
import { inTemporaryFolder } from '../../support/folder.js';
import { program } from '../../support/program.js';

interface Seen {
  readonly path: string;
  readonly authorization: string;
  readonly body: string;
}

const seen: Seen[] = [];
let server: Server;
let origin: string;
beforeAll(async () => {
  server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => {
      body += text;
    });
    request.on('end', () => {
      seen.push({ path: request.url ?? '', authorization: request.headers.authorization ?? '', body });
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

/** Runs one device; gives what the program did, and what the server saw below a path of this run's own. */
function runOne(
  name: string,
  files: { readonly collection?: object; readonly values: readonly object[] },
  args: readonly string[] = [],
) {
  return inTemporaryFolder(async (folder) => {
    const environment = join(folder, 'environment.json');
    await writeFile(environment, JSON.stringify({ name: 'mine', values: files.values }));
    const collection = join(folder, 'collection.json');
    if (files.collection !== undefined) await writeFile(collection, JSON.stringify(files.collection));
    const chosen = files.collection === undefined ? [] : ['--collection', collection];
    const finished = await program(['run', '-', '--environment', environment, ...chosen, ...args], {
      cwd: folder,
      input: csvOf([{}]),
    });
    return { ...finished, requests: seen.filter(({ path }) => path.startsWith(`/${name}/`)) };
  });
}

test('a password never goes to a token URL that is switched off', async () => {
  const { requests } = await runOne('switched', {
    values: [
      { key: 'token_url', value: `${origin}/switched/on`, enabled: true },
      { key: 'token_url', value: `${origin}/switched/off`, enabled: false },
      { key: 'scope', value: 'openid offline_access', enabled: false },
    ],
  });
  expect(requests.map(({ path }) => path)).toEqual(['/switched/on']);
  expect(requests[0]?.body).not.toContain('offline_access');
});

test('a client id that is a number is the same client in the body and in the Basic header', async () => {
  const { requests } = await runOne(
    'typed',
    {
      values: [
        { key: 'token_url', value: `${origin}/typed/token` },
        { key: 'client_id', value: 4711, type: 'number' },
      ],
    },
    ['--client-auth', 'basic', '--body', 'urlencoded'],
  );
  expect(requests[0]).toMatchObject({
    authorization: `Basic ${Buffer.from('4711:').toString('base64')}`,
    body: expect.stringContaining('client_id=4711&'),
  });
});

test.each<readonly [string, () => object, readonly string[], string]>([
  [
    'vault',
    () => ({ item: [{ name: 'Ask', request: `${origin}/vault/{{vault:x}}` }] }),
    [],
    'the request "Ask" refers to Postman\'s vault',
  ],
  [
    'upload',
    () => ({
      item: [
        { name: 'First', request: `${origin}/upload/1` },
        {
          name: 'Send',
          request: {
            method: 'POST',
            url: `${origin}/upload/2`,
            body: { mode: 'file', file: { src: 'x.png' } },
          },
        },
      ],
    }),
    [],
    'the request "Send" uploads a file',
  ],
  [
    'twice',
    () => ({
      item: [
        { id: 'r-1', name: 'Ask', request: `${origin}/twice/1` },
        { id: 'r-2', name: 'Ask', request: `${origin}/twice/2` },
      ],
    }),
    ['--folder', 'Ask'],
    'Ask (id r-1), Ask (id r-2)',
  ],
])('a collection with a fault of the kind "%s" ends with status 2, and nothing is sent', async (...row) => {
  const [name, collection, args, message] = row;
  const { status, stderr, requests } = await runOne(name, { collection: collection(), values: [] }, args);
  expect(stderr).toContain(message);
  expect(status).toBe(2);
  expect(requests).toEqual([]);
});

test('a collection of format 1 is run in its order', async () => {
  const collection = {
    id: 'c-1',
    name: 'old',
    order: ['r-1'],
    folders: [{ id: 'f-1', name: 'EU', order: ['r-2'] }],
    requests: [
      { id: 'r-1', name: 'A', method: 'GET', url: `${origin}/old/a?d={{device_id}}` },
      {
        id: 'r-2',
        name: 'B',
        method: 'POST',
        url: `${origin}/old/b`,
        dataMode: 'urlencoded',
        data: [
          { key: 'on', value: '1', enabled: true },
          { key: 'off', value: '2', enabled: false },
        ],
      },
    ],
  };
  const { status, requests } = await runOne('old', { collection, values: [] });
  expect(status).toBe(0);
  expect(requests.map(({ path, body }) => `${path} ${body}`)).toEqual([
    '/old/b on=1',
    '/old/a?d=00000000-0000-4000-8000-000000000000 ',
  ]);
});
