import { describe, expect, test } from '@jest/globals';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { writeCsv } from '../cli/fleet.js';
import { inTemporaryFolder } from '../../support/folder.js';
import { program } from '../../support/program.js';
import { golden } from '../../unit/postman/golden.js';

const fixture = fileURLToPath(new URL('../../fixtures/openapi/developer.yaml', import.meta.url));

interface Item {
  readonly id: string;
  readonly name: string;
  readonly item?: readonly Item[];
  readonly event?: readonly unknown[];
  readonly request?: {
    readonly method: string;
    readonly url: { readonly raw: string };
    readonly auth?: object;
  };
}

interface Made {
  readonly text: string;
  /** The folder of the API. */
  readonly folder: Item;
  readonly requests: readonly Item[];
  readonly variables: Readonly<Record<string, string>>;
}

/** Generates with a document, and reads what was written. */
async function generate(
  folder: string,
  document: object | string,
  args: readonly string[] = [],
): Promise<Made & { readonly stderr: string }> {
  const file = join(folder, 'api');
  const out = join(folder, 'out');
  await writeFile(file, typeof document === 'string' ? document : JSON.stringify(document));
  const devices = await writeCsv(folder, [{ name: 'pump' }]);
  const { status, stderr } = await program([
    'generate',
    devices,
    '--openapi',
    file,
    '--out',
    out,
    '--force',
    ...args,
  ]);
  if (status !== 0) throw new Error(stderr);
  const text = await readFile(join(out, 'biotz.postman_collection.json'), 'utf8');
  const { item } = JSON.parse(text) as Item;
  const [api] = item?.slice(-1) ?? [];
  if (api === undefined) throw new Error('the collection is empty');
  const environment = await readFile(join(out, 'private/pump.postman_environment.json'), 'utf8');
  const { values } = JSON.parse(environment) as { values: { key: string; value: string }[] };
  const variables = Object.fromEntries(values.map(({ key, value }) => [key, value]));
  return { text, folder: api, requests: requestsIn(api), variables, stderr };
}

const requestsIn = (item: Item): readonly Item[] => (item.item ? item.item.flatMap(requestsIn) : [item]);

const small = (changes: object = {}) => ({
  openapi: '3.0.3',
  info: { title: 'API', version: '1' },
  servers: [{ url: 'https://api.example' }],
  paths: { '/a': { get: { responses: { 200: { description: 'ok' } } } } },
  ...changes,
});

describe('the requests of a document', () => {
  test('equal the golden file', () =>
    inTemporaryFolder(async (folder) => {
      const made = await generate(folder, await readFile(fixture, 'utf8'));
      const text = `${JSON.stringify(made.folder, null, 2)}\n`;
      expect(text).toBe(await golden('openapi.json', text));
      expect(made.variables).toMatchObject({
        api_url: 'https://api.example.org/v1',
        device_id: '00000000-0000-4000-8000-000000000000',
      });
      expect(made.stderr).toContain(
        '"Developer API" go to https://api.example.org/v1 (api_url) with the id_token',
      );
    }));

  test('are the same again, from JSON, from YAML, and whatever the order of the document', () =>
    inTemporaryFolder(async (folder) => {
      const yaml = await readFile(fixture, 'utf8');
      const document = parse(yaml) as Record<string, object>;
      const { text } = await generate(folder, yaml);
      const backwards = (value: unknown): unknown =>
        typeof value !== 'object' || value === null || Array.isArray(value)
          ? value
          : Object.fromEntries(
              Object.entries(value)
                .toReversed()
                .map(([key, each]) => [key, key === 'properties' ? each : backwards(each)]),
            );
      expect((await generate(folder, yaml)).text).toBe(text);
      expect((await generate(folder, document)).text).toBe(text);
      expect((await generate(folder, backwards(document) as object)).text).toBe(text);
    }));

  test('keep their ids and values when other requests are added and removed', () =>
    inTemporaryFolder(async (folder) => {
      const document = parse(await readFile(fixture, 'utf8')) as { paths: Record<string, object> };
      const { requests } = await generate(folder, document);
      const { '/status': _status, ...paths } = document.paths;
      const fewer = await generate(folder, { ...document, paths: { ...paths, '/aaa': { get: {} } } });
      expect(fewer.requests.filter(({ name }) => name !== 'GET /aaa')).toEqual(
        requests.filter(({ name }) => name !== 'readStatus'),
      );
    }));

  test('leave the devices’ own requests and the default files unchanged', () =>
    inTemporaryFolder(async (folder) => {
      const { text } = await generate(folder, small());
      const committed = new URL('../../../generated/biotz.postman_collection.json', import.meta.url);
      const own = JSON.parse(await readFile(committed, 'utf8')) as { item: object[] };
      const { item } = JSON.parse(text) as { item: object[] };
      expect(item.slice(0, own.item.length)).toEqual(own.item);
      expect(item).toHaveLength(own.item.length + 2);
    }));

  test('of Swagger 2.0 and of references between paths are converted', () =>
    inTemporaryFolder(async (folder) => {
      const swagger = {
        swagger: '2.0',
        info: { title: 'Old', version: '1' },
        host: 'old.example',
        basePath: '/v1',
        consumes: ['application/json'],
        definitions: { A: { type: 'object', properties: { n: { type: 'integer' } } } },
        paths: {
          '/a': {
            post: {
              parameters: [{ in: 'body', name: 'body', schema: { $ref: '#/definitions/A' } }],
              responses: { 200: { description: 'ok' } },
            },
          },
        },
      };
      const made = await generate(folder, swagger);
      expect(made.variables['api_url']).toBe('https://old.example/v1');
      expect(JSON.stringify(made.requests)).toContain('<integer>');
      const schema = { type: 'object', properties: { n: { type: 'boolean' } } };
      const content = (each: object) => ({ content: { 'application/json': { schema: each } } });
      const $ref = '#/paths/~1a/post/requestBody/content/application~1json/schema';
      const across = small({
        paths: {
          '/a': { post: { requestBody: content(schema), responses: {} } },
          '/b': { post: { requestBody: content({ $ref }), responses: {} } },
        },
      });
      const { requests } = await generate(folder, across);
      expect(requests).toHaveLength(2);
      for (const each of requests) expect(JSON.stringify(each)).toContain('<boolean>');
    }));

  test('have names that differ from each other and from the devices’ own', () =>
    inTemporaryFolder(async (folder) => {
      const named = (summary: string) => ({ summary, tags: ['Publish data'], responses: {} });
      const document = small({
        info: { title: 'Get token', version: '1' },
        paths: {
          '/a': { get: named('Get token'), post: named('Same') },
          '/b': { get: named('Same'), post: named('Line\nbreak \u001b[31m ::error::') },
        },
      });
      const made = await generate(folder, document);
      expect(made.folder.name).toBe('Get token (API)');
      expect(made.folder.item?.[0]?.name).toBe('Publish data (tag)');
      expect(made.requests.map(({ name }) => name)).toEqual([
        'Get token (GET /a)',
        'Same (POST /a)',
        'Same (GET /b)',
        'Line break \\u{1b}[31m : :error: :',
      ]);
    }));

  test('contain no authorization, script, id, example or secret of the document', () =>
    inTemporaryFolder(async (folder) => {
      const token = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl';
      const text = { type: 'string', default: '{{password}}', description: `as {{password}} or ${token}` };
      const parameters = ['query', 'header'].map((where) => ({
        in: where,
        name: `x-${where}`,
        required: true,
        schema: text,
      }));
      const types = ['application/json', 'application/x-www-form-urlencoded', 'multipart/form-data'];
      const operations = types.map((type, at) => [
        `/a${at}/{token}`,
        {
          post: {
            description: `curl -H "Authorization: Bearer ${token}" {{password}} {% file "/etc/passwd" %}`,
            parameters: [...parameters, { in: 'header', name: 'Authorization', schema: text }],
            security: [{ key: [] }, { basic: [] }, { flow: [] }],
            requestBody: {
              content: { [type]: { schema: { properties: { p: text } }, example: { p: 'canary-example' } } },
            },
            responses: {
              200: { description: token, content: { 'text/plain': { example: 'canary-example' } } },
            },
            'x-postman-event': [{ listen: 'test', script: { exec: ['canary-script'] } }],
          },
        },
      ]);
      const document = small({
        paths: Object.fromEntries(operations),
        components: {
          securitySchemes: {
            key: { type: 'apiKey', in: 'header', name: 'X-Canary-Key' },
            basic: { type: 'http', scheme: 'basic' },
            flow: { type: 'oauth2', flows: { password: { tokenUrl: 'https://canary.example', scopes: {} } } },
          },
        },
      });
      const made = await generate(folder, document);
      const written = JSON.stringify(made.requests);
      expect(made.requests).toHaveLength(3);
      expect(written.toLowerCase()).not.toContain('canary');
      expect(written).not.toContain('eyJzdWIi');
      expect(written).not.toMatch(/\{\{password|\{%|apikey|oauth2|"basic"|"Authorization"/);
      const names = new Set([...written.matchAll(/\{\{(.*?)\}\}/g)].map(([, name]) => name));
      expect(names).toEqual(new Set(['api_url', 'id_token', 'token']));
      for (const { event, request } of made.requests) {
        expect(event).toEqual([]);
        expect(request?.auth).toEqual({
          type: 'bearer',
          bearer: [{ key: 'token', value: '{{id_token}}', type: 'string' }],
        });
      }
      const ids = [...made.text.matchAll(/"(?:_postman_)?id": "([^"]+)"/g)].map(([, id]) => id);
      expect(new Set(ids).size).toBe(ids.length);
      // Version 5: made of a name, not of chance.
      for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5/);
    }));

  test('contain no password that a schema has as a default or as its only value', () =>
    inTemporaryFolder(async (folder) => {
      const only = (value: string) => ({ type: 'string', enum: [value] });
      const properties = {
        password: only('canary-1'),
        client_secret: only('canary-s3cret'),
        name: only('kept'),
      };
      const parameters = [
        {
          in: 'query',
          name: 'access_token',
          required: true,
          schema: { type: 'string', default: 'canary-t0ken' },
        },
        {
          in: 'header',
          name: 'X-API-Key',
          required: true,
          schema: { type: 'string', default: 'canary-k3y' },
        },
      ];
      const made = await generate(
        folder,
        small({
          paths: Object.fromEntries(
            ['application/json', 'application/x-www-form-urlencoded', 'application/xml'].map((type, at) => [
              `/${at}`,
              {
                post: {
                  parameters,
                  requestBody: { content: { [type]: { schema: { type: 'object', properties } } } },
                  responses: { 200: { description: 'ok' } },
                },
              },
            ]),
          ),
        }),
      );
      expect(made.requests).toHaveLength(3);
      expect(made.text).toContain('kept');
      expect(made.text).not.toContain('canary');
      const collection = join(folder, 'out/biotz.postman_collection.json');
      expect(await program(['share', 'check', collection])).toMatchObject({ status: 0 });
    }));

  test('can be two thousand', () =>
    inTemporaryFolder(async (folder) => {
      const schemas = Object.fromEntries(
        Array.from({ length: 200 }, (_, at) => [
          `S${at}`,
          {
            properties: {
              a: { type: 'string' },
              b: { $ref: `#/components/schemas/S${Math.min(199, 2 * at + 1)}` },
            },
          },
        ]),
      );
      const paths = Object.fromEntries(
        Array.from({ length: 500 }, (_, at) => {
          const content = { 'application/json': { schema: { $ref: `#/components/schemas/S${at % 200}` } } };
          const each = { tags: [`t${at % 9}`], responses: { 200: { description: 'ok', content } } };
          const methods = { get: each, put: { ...each, requestBody: { content } }, post: each, delete: each };
          return [`/r${at}/{id}`, methods];
        }),
      );
      const { requests } = await generate(folder, small({ paths, components: { schemas } }));
      expect(requests).toHaveLength(2000);
      expect(new Set(requests.map(({ id }) => id)).size).toBe(2000);
    }));
});

describe('--api-url', () => {
  test('takes precedence over every server of the document', () =>
    inTemporaryFolder(async (folder) => {
      const paths = { '/a': { get: { servers: [{ url: 'http://elsewhere.example' }], responses: {} } } };
      const document = small({ servers: [], paths });
      const made = await generate(folder, document, ['--api-url', 'https://mine.example/v2/']);
      expect(made.variables['api_url']).toBe('https://mine.example/v2');
      expect(made.requests[0]?.request?.url.raw).toBe('{{api_url}}/a');
      expect(made.stderr).not.toContain('warning');
      const { stderr } = await generate(folder, document, ['--api-url', 'http://mine.example']);
      expect(stderr).toContain('warning: an address is http://');
    }));
});

/** Tries a document that cannot be used, and proves that nothing was written. */
function refused(document: string | Buffer | object, args: readonly string[] = []) {
  return inTemporaryFolder(async (folder) => {
    const file = join(folder, 'api.yaml');
    const isText = typeof document === 'string' || Buffer.isBuffer(document);
    await writeFile(file, isText ? document : JSON.stringify(document));
    const devices = await writeCsv(folder, [{}]);
    const finished = await program([
      'generate',
      devices,
      '--openapi',
      file,
      '--out',
      join(folder, 'out'),
      ...args,
    ]);
    expect((await readdir(folder)).toSorted()).toEqual(['api.yaml', 'devices.csv']);
    return { ...finished, stderr: finished.stderr.replaceAll(folder, '') };
  });
}

describe('a document that cannot be used is refused, and nothing is written:', () => {
  test.each<[string, string | Buffer | object, RegExp]>([
    ['an empty file', '', /neither "openapi" nor "swagger"/],
    ['a picture', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0xff]), /neither valid UTF-8 nor UTF-16/],
    ['JSON that is broken at line 2', '{"openapi": "3.0.0",\n "paths": {', /api\.yaml:2:\d+: it is neither/],
    ['a Postman collection', { info: {}, item: [] }, /not an OpenAPI document/],
    ['no paths', small({ paths: {} }), /has no paths/],
    ['no server', small({ servers: [] }), /does not name a server.*--api-url/],
    ['an unencrypted server', small({ servers: [{ url: 'http://a.example' }] }), /unencrypted.*--api-url/],
    ['a text of more than 16 MB', `# ${'x'.repeat(16_000_000)}`, /larger than 16 MB/],
    [
      'so many values that memory would run out',
      `a: &a [${'x,'.repeat(9000)}]\n${Array.from({ length: 900 }, (_, at) => `k${at}: *a`).join('\n')}\nopenapi: 3.0.0\npaths: {/a: {get: {}}}`,
      /more than 5000000 values/,
    ],
    [
      'requests that are larger than 50 MB',
      small({
        paths: Object.fromEntries(
          Array.from({ length: 900 }, (_, at) => [
            `/${at}`,
            { post: { requestBody: { $ref: '#/components/requestBodies/B' }, responses: {} } },
          ]),
        ),
        components: {
          requestBodies: {
            B: {
              content: { 'application/json': { schema: { type: 'string', enum: ['x'.repeat(100_000)] } } },
            },
          },
        },
      }),
      /larger than 50 MB/,
    ],
  ])('%s', async (_what, document, says) => {
    const { status, stdout, stderr } = await refused(document);
    expect(stderr).toMatch(says);
    expect(stderr).toContain('[OPENAPI_INVALID]');
    expect(stdout).toBe('');
    expect(status).toBe(2);
  });

  test('a file that does not exist', () =>
    inTemporaryFolder(async (folder) => {
      const devices = await writeCsv(folder, [{}]);
      const { status, stderr } = await program(['generate', devices, '--openapi', join(folder, 'none.yaml')]);
      expect(stderr).toContain('none.yaml: it cannot be read (ENOENT)');
      expect(status).toBe(2);
    }));

  test('one that refers to a server, which is not contacted', async () => {
    let asked = 0;
    const server = createServer((_request, response) => {
      asked += 1;
      response.end('{}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const $ref = `http://127.0.0.1:${port}/schema.json`;
    const content = { 'application/json': { schema: { $ref } } };
    for (const [key, version] of [
      ['openapi', '3.0.0'],
      ['openapi', '3.1.0'],
      ['swagger', '2.0'],
    ] as const) {
      const document = small({
        paths: { '/a': { get: { responses: { 200: { description: 'x', content } } } } },
      });
      const { openapi: _openapi, ...rest } = document;
      const { status, stderr } = await refused({ [key]: version, ...rest });
      expect(stderr).toContain('refers to another document');
      expect(stderr).toContain('bundle');
      expect(status).toBe(2);
    }
    server.close();
    expect(asked).toBe(0);
  });

  test('one that refers to a file of this machine, which is not read', async () => {
    const content = { 'text/plain': { schema: { $ref: 'file:///etc/passwd' } } };
    const paths = { '/a': { get: { responses: { 200: { description: 'x', content } } } } };
    const { status, stderr } = await refused(small({ paths }));
    expect(stderr).toContain('refers to another document, "file:///etc/passwd"');
    expect(stderr).not.toContain('root:');
    expect(status).toBe(2);
  });
});
