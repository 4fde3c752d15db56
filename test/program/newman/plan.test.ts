import { describe, expect, test } from '@jest/globals';
import { environmentValues } from '../../../src/postman/environment-values.js';
import type { RunOptions, RunPlan } from '../../../src/newman/plan.js';
import { createRunPlan } from '../../../src/newman/plan.js';

const on = 'http://127.0.0.1:1/on';
const off = 'http://127.0.0.1:1/off';
const vault = '{{vault:biotz-password}}';

const planOf = (options: RunOptions, values: readonly object[] = [{ key: 'token_url', value: on }]) =>
  createRunPlan({ environment: { values }, ...options });

/** A collection of one request. */
const asking = (request: unknown, more: object = {}) => ({
  collection: { item: [{ name: 'Ask', request }], ...more },
});

/** What the plan of such options fails with; `undefined` if it does not. */
async function refusal(plan: Promise<RunPlan>): Promise<unknown> {
  try {
    await plan;
    return undefined;
  } catch (error) {
    return error;
  }
}

describe('of an environment', () => {
  test.each([
    { enabled: false },
    { enabled: 'false' },
    { disabled: true },
    { enabled: true, disabled: true },
    { enabled: false, disabled: false },
  ])('a variable with %j counts neither for what is checked nor for what is sent', async (flags) => {
    const plan = await planOf({}, [
      { key: 'token_url', value: on, enabled: true },
      { key: 'token_url', value: off, ...flags },
      { key: 'scope', value: 'openid offline_access', ...flags },
    ]);
    expect(plan.tokenUrl).toBe(on);
    expect(JSON.stringify(plan.environment)).not.toMatch(/off/);
  });

  test('the last one of several variables with the same name counts, as in Postman and Newman', async () => {
    const { tokenUrl, environment } = await planOf({}, [
      { key: 'token_url', value: off },
      { key: 'token_url', value: on },
    ]);
    expect(tokenUrl).toBe(on);
    expect(JSON.stringify(environment)).not.toContain(off);
  });

  test('each value has one text, whatever its type', async () => {
    const { environment, variables } = await planOf({}, [
      { key: 'token_url', value: on },
      { key: 'number', value: 4711, type: 'number' },
      { key: 'text', value: '0047', type: 'number' },
      { key: 'boolean', value: true, type: 'boolean' },
      { key: 'null', value: null },
      { key: 'missing' },
      { key: 'object', value: { a: [1] }, type: 'json' },
      { key: 5, value: 'five' },
      { key: null, value: 'nothing' },
      { key: ' token_url ', value: off },
    ]);
    const texts = {
      token_url: on,
      number: '4711',
      text: '0047',
      boolean: 'true',
      null: 'null',
      missing: '',
      object: '{"a":[1]}',
      5: 'five',
      ' token_url ': off,
      id_token: '',
      id_token_expires_at: '',
    };
    expect(Object.fromEntries(environmentValues(environment))).toEqual(texts);
    expect(Object.fromEntries(variables)).toEqual(texts);
  });

  test('it may come as the Postman API or an old export has it', async () => {
    const values = [{ key: 'token_url', value: on }];
    for (const environment of [{ environment: { values } }, values])
      expect((await createRunPlan({ environment })).tokenUrl).toBe(on);
  });

  test.each(['__proto__', 'constructor', 'hasOwnProperty', 'valueOf'])(
    'a variable called %s is refused',
    async (key) => {
      const values = [{ key, value: 'x' }];
      expect(await refusal(planOf({}, values))).toMatchObject({ code: 'ENVIRONMENT_INVALID' });
    },
  );
});

describe("a reference to Postman's vault is refused", () => {
  test.each<readonly [string, RunOptions]>([
    ['an address', asking(`https://example.test/${vault}`)],
    ['an address in parts', asking({ url: { host: ['x'], query: [{ key: 'a', value: vault }] } })],
    [
      'a path variable',
      asking({ url: { host: ['x'], path: [':a'], variable: [{ key: 'a', value: vault }] } }),
    ],
    ['a header', asking({ url: 'x', header: [{ key: 'X', value: vault }] })],
    ['a raw body', asking({ url: 'x', method: 'POST', body: { mode: 'raw', raw: `{"a":"${vault}"}` } })],
    [
      'a form field',
      asking({
        url: 'x',
        method: 'POST',
        body: { mode: 'formdata', formdata: [{ key: 'a', value: vault }] },
      }),
    ],
    [
      'a GraphQL query',
      asking({ url: 'x', method: 'POST', body: { mode: 'graphql', graphql: { query: vault } } }),
    ],
    ['spaces', asking({ url: 'x', method: 'POST', body: { mode: 'raw', raw: '{{ vault:x }}' } })],
    ['capitals', asking({ url: 'x', method: 'POST', body: { mode: 'raw', raw: '{{Vault:x}}' } })],
    [
      'its authorization',
      asking({ url: 'x', auth: { type: 'bearer', bearer: [{ key: 'token', value: vault }] } }),
    ],
    ['old authorization', asking({ url: 'x', auth: { type: 'basic', basic: { password: vault } } })],
    [
      "the collection's authorization",
      asking({ url: 'x' }, { auth: { type: 'basic', basic: [{ key: 'password', value: vault }] } }),
    ],
    [
      "a folder's authorization",
      {
        collection: {
          item: [
            {
              name: 'EU',
              auth: { type: 'bearer', bearer: [{ key: 'token', value: vault }] },
              item: [{ name: 'Ask', request: 'x' }],
            },
          ],
        },
      },
    ],
    ["the collection's variables", asking({ url: 'x' }, { variable: [{ key: 'a', value: vault }] })],
  ])('with %s, by the name of what has it', async (_what, options) => {
    const error = await refusal(planOf(options));
    expect(error).toMatchObject({ code: 'COLLECTION_INVALID' });
    expect(String(error)).toMatch(/"(EU \/ )?Ask" refers|a is a reference/);
  });

  test('in a message to publish', async () => {
    const publish = { messageType: 'climate', payload: `{"a":"${vault}"}` };
    expect(await refusal(planOf({ publish }))).toMatchObject({ code: 'OPTION_INVALID' });
  });

  test.each<readonly [string, RunOptions]>([
    [
      'a header that is switched off',
      asking({ url: 'x', header: [{ key: 'X', value: vault, disabled: true }] }),
    ],
    [
      'a body that is switched off',
      asking({ url: 'x', method: 'POST', body: { mode: 'raw', raw: vault, disabled: true } }),
    ],
    [
      'a body of another mode',
      asking({ url: 'x', method: 'POST', body: { mode: 'raw', raw: '', formdata: [{ value: vault }] } }),
    ],
    ['a description', asking({ url: 'x', description: vault })],
    [
      'authorization that the request overrides',
      asking({ url: 'x', auth: { type: 'noauth' } }, { auth: { type: 'basic', basic: { password: vault } } }),
    ],
    [
      'a request that is left out',
      {
        collection: {
          item: [
            { name: 'A', request: vault },
            { name: 'B', request: 'x' },
          ],
        },
        requests: ['B'],
      },
    ],
    [
      'a variable that the environment overrides',
      {
        ...asking({ url: 'x' }, { variable: [{ key: 'a', value: vault }] }),
        environment: { values: [{ key: 'a', value: '1' }] },
      },
    ],
    [
      "the place of a device's own value",
      {
        environment: {
          values: [
            { key: 'token_url', value: on },
            { key: 'password', value: vault },
          ],
        },
      },
    ],
    [
      'a place whose very name is a variable',
      { ...asking(vault), environment: { values: [{ key: 'vault:biotz-password', value: 'x' }] } },
    ],
  ])('but not in %s', async (_what, options) => {
    expect(await refusal(planOf(options))).toBeUndefined();
  });
});

describe('a request that uploads a file', () => {
  const form = (field: object) =>
    asking({
      url: 'x',
      method: 'PUT',
      body: { mode: 'formdata', formdata: [{ key: 'photo', type: 'file', ...field }] },
    });
  const binary = (file?: object) => asking({ url: 'x', method: 'POST', body: { mode: 'file', file } });

  test.each<readonly [string, RunOptions, string]>([
    ['from a form', form({ src: 'photo.png' }), 'field "photo"'],
    ['of several from a form', form({ src: ['a.png', 'b.png'] }), 'field "photo"'],
    ['that has not been chosen yet', form({ src: null }), 'field "photo"'],
    ['as its body', binary({ src: 'photo.png' }), 'the whole body'],
    ['as its body that has not been chosen yet', binary({}), 'the whole body'],
    [
      'as its body with a method that has none, if the collection says so',
      asking(
        { url: 'x', method: 'GET', body: { mode: 'file', file: { src: 'a' } } },
        { protocolProfileBehavior: { disableBodyPruning: true } },
      ),
      'the whole body',
    ],
  ])('%s is refused by its name', async (_what, options, part) => {
    const error = await refusal(planOf(options));
    expect(error).toMatchObject({ code: 'COLLECTION_INVALID' });
    expect(String(error)).toContain(`"Ask" uploads a file (${part})`);
  });

  test.each<readonly [string, RunOptions]>([
    ['the field is switched off', form({ src: 'photo.png', disabled: true })],
    ['the field is switched off as in an environment', form({ src: 'photo.png', enabled: false })],
    [
      'the method has no body',
      asking({ url: 'x', method: 'get', body: { mode: 'file', file: { src: 'x' } } }),
    ],
    [
      'the method is not given, so that it is GET',
      asking({ url: 'x', body: { mode: 'file', file: { src: 'x' } } }),
    ],
    [
      'the body is switched off',
      asking({ url: 'x', method: 'POST', body: { mode: 'file', file: {}, disabled: true } }),
    ],
    ['the content of the field is in the collection', form({ value: 'aGVsbG8=' })],
    ['the content of the body is in the collection', binary({ content: 'aGVsbG8=' })],
    [
      'it is left out',
      {
        collection: {
          item: [
            { name: 'A', request: { url: 'x', method: 'POST', body: { mode: 'file', file: { src: 'a' } } } },
            { name: 'B', request: 'x' },
          ],
        },
        requests: ['B'],
      },
    ],
  ])('is not refused if %s', async (_what, options) => {
    expect(await refusal(planOf(options))).toBeUndefined();
  });
});

describe('a name that stands for several requests or folders', () => {
  const smoke = (id?: string) => ({
    name: 'Smoke',
    item: [{ name: 'Ask', request: 'x' }],
    ...(id !== undefined && { id }),
  });
  const twice = (first?: string, second?: string) => ({
    item: [
      { name: 'EU', item: [smoke(first)] },
      { name: 'US', item: [smoke(second)] },
    ],
  });

  test('is refused with their paths and ids, and an id chooses one', async () => {
    const error = await refusal(planOf({ collection: twice('f-1', 'f-2'), requests: ['Smoke'] }));
    expect(error).toMatchObject({ code: 'OPTION_INVALID', args: { option: '--folder "Smoke"' } });
    expect(String(error)).toContain('EU / Smoke (id f-1), US / Smoke (id f-2)');
    expect(String(error)).toContain('Choose one by its id.');
    const { requests } = await planOf({ collection: twice('f-1', 'f-2'), requests: ['f-2'] });
    expect(requests).toEqual(['f-2']);
  });

  test.each([
    ['none of them has an id', twice()],
    ['their ids are the same', twice('f-1', 'f-1')],
  ])('is refused if %s, with the advice to rename them', async (_what, collection) => {
    const error = await refusal(planOf({ collection, requests: ['Smoke'] }));
    expect(String(error)).toContain('Give each its own name');
  });

  test('is no harm if everything is run', async () => {
    expect((await planOf({ collection: twice() })).requests).toEqual([]);
  });

  test('a name and an id of the same item are given to Newman once, which would look for both', async () => {
    const collection = {
      item: [
        { id: '1', name: 'A', request: 'x' },
        { id: '2', name: 'B', request: 'x' },
      ],
    };
    const { requests } = await planOf({ collection, requests: ['A', '1', 'B', 'A'] });
    expect(requests).toEqual(['A', 'B']);
  });

  test('a folder without any request is refused', async () => {
    const collection = {
      item: [
        { name: 'Empty', item: [] },
        { name: 'A', request: 'x' },
      ],
    };
    expect(await refusal(planOf({ collection, requests: ['Empty'] }))).toMatchObject({
      code: 'COLLECTION_INVALID',
      args: { problem: 'the chosen folders have no request' },
    });
  });
});

describe('a collection', () => {
  test.each<readonly [string, object]>([
    ['without info', { item: [{ request: 'http://127.0.0.1/a' }] }],
    ['without a schema', { info: { name: 'x' }, item: [{ name: 'A', request: 'x' }] }],
    ['of format 2.0', { info: { schema: '…/v2.0.0/…' }, item: [{ name: 'A', request: 'x' }] }],
    ['as the Postman API answers with it', { collection: { item: [{ name: 'A', request: 'x' }] } }],
    ['with entries that are nothing', { item: [null, 7, { name: 'A', request: 'x' }] }],
  ])('%s is run', async (_what, collection) => {
    expect(await refusal(planOf({ collection }))).toBeUndefined();
  });

  test('of format 1 is converted as Newman does', async () => {
    const collection = {
      id: 'c-1',
      name: 'old',
      order: ['r-1'],
      folders: [{ id: 'f-1', name: 'EU', order: ['r-2'] }],
      requests: [
        { id: 'r-1', name: 'A', method: 'GET', url: 'x', headers: `X: 1\n// Y: ${vault}\n` },
        {
          id: 'r-2',
          name: 'B',
          method: 'POST',
          url: 'x',
          dataMode: 'params',
          data: [{ key: 'f', type: 'file' }],
        },
      ],
    };
    const error = await refusal(planOf({ collection }));
    expect(String(error)).toContain('"EU / B" uploads a file');
    expect(await planOf({ collection, requests: ['A'] })).toMatchObject({
      collection: { info: { name: 'old' }, item: [{ name: 'EU' }, { name: 'A' }] },
    });
  });

  test.each<readonly [string, object]>([
    ['an environment', { values: [] }],
    ['a list', []],
    ['one of format 1 with broken requests', { name: 'x', order: ['a'], requests: [null] }],
    ['one that only has folders', { item: [{ name: 'EU', item: [{ name: 'Smoke', item: [] }] }] }],
  ])('that is %s is refused', async (_what, collection) => {
    expect(await refusal(planOf({ collection }))).toMatchObject({ code: 'COLLECTION_INVALID' });
  });

  test('switches off what says so in the way of an environment', async () => {
    const plan = await planOf(
      asking(
        { url: 'x', header: [{ key: 'X', value: 'y', enabled: false }] },
        { variable: [{ key: 'token_url', value: off, enabled: false }] },
      ),
      [],
    );
    expect(plan.tokenUrl).toBe('');
    expect(plan.collection).toMatchObject({
      item: [{ request: { header: [{ key: 'X', disabled: true }] } }],
      variable: [{ key: 'token_url', disabled: true }],
    });
  });
});

describe('the addresses that are known before anything is sent', () => {
  const variables = [
    { key: 'token_url', value: on },
    { key: 'base', value: '{{server}}/api' },
    { key: 'server', value: 'https://a.example:8443' },
    { key: 'one', value: '{{two}}{{two}}' },
    { key: 'two', value: '{{one}}{{one}}' },
    { key: 'place', value: 'e' },
    { key: 'username', value: 'https://environment.example' },
  ];

  test.each([
    ['are those of the variables', '{{base}}/x', ['https://a.example:8443/api/x']],
    ['are made of parts', { raw: 'no', protocol: 'https', host: ['b', 'example'] }, ['https://b.example']],
    [
      'are made of a variable alone',
      { raw: 'no', host: ['{{server}}'], path: ['x'] },
      ['https://a.example:8443'],
    ],
    ['may be raw', { raw: 'https://c.example/y' }, ['https://c.example/y']],
    ['may have a port', { protocol: 'https:', host: 'd.example', port: '1' }, ['https://d.example:1']],
    ['may have a variable inside their host', 'https://{{place}}.example/z', ['https://e.example/z']],
    ['lack what only a script knows', '{{unknown}}/x', []],
    ['lack what the data of a device says, whatever the environment says', '{{username}}/x', []],
    ['lack a host with a part that only the data of a device says', 'https://{{device_id}}.example/x', []],
    ['lack what goes in a circle', '{{one}}', []],
    ['lack what is no address', { host: [null, { a: 1 }] }, []],
  ])('%s', async (_what, url, addresses) => {
    const plan = await planOf(asking({ method: 'GET', url }), variables);
    expect(plan.addresses).toEqual(addresses);
  });
});
describe('a device may be sent twice', () => {
  const login = { name: 'Log in', request: { method: 'POST', url: '{{token_url}}' } };
  const scripted = (exec: unknown) => ({ ...login, event: [{ listen: 'test', script: { exec } }] });
  const values = [
    { key: 'host', value: 'http://127.0.0.1:1' },
    { key: 'token_url', value: '{{host}}/on' },
  ];
  const repeatable = async (item: readonly object[], more: object = {}) =>
    (await planOf({ collection: { item, ...more } }, values)).repeatable;

  test.each<readonly [string, readonly object[]]>([
    ['is a login by its address', [login]],
    ['has its address in parts', [{ request: { url: { raw: 'x', host: ['{{host}}'], path: ['on'] } } }]],
    ['has an empty script', [scripted([''])]],
    ['has no script in an event', [{ ...login, event: [{ listen: 'test' }] }]],
  ])('if everything that is sent %s', async (_what, item) => {
    expect(await repeatable(item)).toBe(true);
  });

  test('with the generated collection unless it publishes', async () => {
    const publish = { messageType: 'climate', payload: '{}' };
    expect((await planOf({})).repeatable).toBe(true);
    expect((await planOf({ publish }, [...values, { key: 'ingestion_url', value: on }])).repeatable).toBe(
      false,
    );
  });

  test.each<readonly [string, readonly object[], object]>([
    ['has the name of a login only', [{ name: 'Get token', request: { url: '{{host}}/publish' } }], {}],
    ['has another query', [{ name: 'Get token', request: { url: '{{token_url}}?do=publish' } }], {}],
    ['has an address that a device decides', [{ request: { url: '{{host}}/{{device_id}}' } }], {}],
    ['is not a login alone', [login, { name: 'Publish', request: { url: '{{host}}/publish' } }], {}],
    ['runs a script', [scripted(['pm.environment.set("a", 1)'])], {}],
    [
      'runs a script that is a text',
      [{ ...login, event: [{ listen: 'test', script: 'pm["send" + "Request"]("x")' }] }],
      {},
    ],
    ['runs a script of its folder', [{ name: 'EU', item: [login], event: scripted('x').event }], {}],
    ['runs a script of the collection', [login], { event: scripted('x').event }],
  ])('not if something that is sent %s', async (_what, item, more) => {
    expect(await repeatable(item, more)).toBe(false);
  });
});

test('secrets of the files are known to a run, and ordinary values are not', async () => {
  const plan = await planOf(
    asking(
      {
        url: 'x',
        header: [
          { key: 'X-Api-Key', value: 'k-header-1' },
          { key: 'X-Trace', value: 't-1' },
        ],
      },
      {
        auth: { type: 'basic', basic: [{ key: 'password', value: 'k-basic-2' }] },
        variable: [
          { key: 'pin', value: '4711-x', type: 'secret' },
          { key: 'colour', value: 'red-1' },
        ],
        event: [{ listen: 'test', script: { exec: ['token = pm.response.json().id_token'] } }],
      },
    ),
    [
      { key: 'salt', value: 's', type: 'secret' },
      { key: 'client_secret', value: 'k-client-3', type: 'default' },
      { key: 'private', value: '{{client_secret}}', type: 'secret' },
      { key: 'password', value: '' },
      { key: 'scope', value: 'openid offline_access' },
    ],
  );
  expect(plan.secrets.toSorted()).toEqual(['4711-x', 'k-basic-2', 'k-client-3', 'k-header-1', 's']);
});
