import { describe, expect, test } from '@jest/globals';
import { openConnections } from '../../../src/http/connections.js';
import { Secret } from '../../../src/secret/secret.js';
import { PostmanApi } from '../../../src/workspace/api.js';
import { OutcomeUnknown } from '../../../src/workspace/api-error.js';
import { Pace } from '../../../src/workspace/api-client.js';
import { closing } from '../token/fixture.js';
import { type Fault, KEY, type Options, startPostmanApi, WORKSPACE } from './postman-api.js';

/** A client that does not really wait, and the waits that it asked for. */
async function clientOf(options: Options) {
  const server = await startPostmanApi(options);
  const waits: number[] = [];
  const connections = closing(openConnections(server.url, { timeoutMs: 20_000 }));
  const wait = async (ms: number) => void waits.push(ms);
  return { server, waits, api: new PostmanApi({ connections, key: new Secret(KEY), wait }) };
}

/** Fails so many times, then works. */
function failing(times: number, fault: Fault): Options {
  return { fault: (_, count) => (count <= times ? fault : undefined) };
}

const unavailable = { when: 'before', answer: { status: 503, body: '' } } as const;
const environment = { name: 'E', values: [] };

describe('a call that only reads', () => {
  test.each([['a 503', unavailable], ['a broken connection', { when: 'before', answer: 'none' }] as const])(
    'is repeated after %s, each time later',
    async (_, fault) => {
      const { api, waits, server } = await clientOf(failing(3, fault));
      expect(await api.me()).toEqual({ name: 'Taylor Lee', team: 'Test Team' });
      expect(waits).toEqual([500, 1000, 2000]);
      expect(server.seen).toHaveLength(4);
    },
  );

  test('is given up after four attempts', async () => {
    const { api, server } = await clientOf(failing(9, unavailable));
    await expect(api.me()).rejects.toMatchObject({
      code: 'POSTMAN_FAILED',
      args: { call: 'me', status: 503 },
    });
    expect(server.seen).toHaveLength(4);
  });
});

describe('a refusal', () => {
  test.each<[string, unknown, string]>([
    ['a parameter', { param: 'key' }, 'Invalid; param: key'],
    ['parameters', { params: ['key', 'value'] }, 'Invalid; params: key; params: value'],
    ['a text', 'It is too long.', 'Invalid; It is too long.'],
    ['texts', ['One.', 'Two.'], 'Invalid; One; Two.'],
    [
      'objects',
      [{ path: 'values[3].key', message: 'exists twice' }],
      'Invalid; path: values[3].key; message: exists twice',
    ],
    ['objects in objects', { errors: [{ field: { name: 'site' } }] }, 'Invalid; name: site'],
    ['a number', { code: 7 }, 'Invalid; code: 7'],
    [
      'a value, which may be a secret',
      { param: 'password', value: 'Hunter2' },
      'Invalid; param: password; value',
    ],
    ['nothing', undefined, 'Invalid.'],
  ])('shows %s of its details', async (_what, details, said) => {
    const body = JSON.stringify({ error: { name: 'invalidParamsError', message: 'Invalid.', details } });
    const { api } = await clientOf(failing(1, { when: 'before', answer: { status: 400, body } }));
    await expect(api.create('environment', WORKSPACE, environment)).rejects.toMatchObject({
      code: 'POSTMAN_REFUSED',
      args: { said },
    });
  });
});

test('a refusal in the form of RFC 9457 shows its list of errors', async () => {
  const errors = [{ detail: 'must be a positive integer', pointer: '#/age' }];
  const body = JSON.stringify({ title: 'Your request is not valid.', errors });
  const { api } = await clientOf(failing(1, { when: 'before', answer: { status: 422, body } }));
  await expect(api.create('environment', WORKSPACE, environment)).rejects.toMatchObject({
    args: { said: 'Your request is not valid; detail: must be a positive integer; pointer: #/age' },
  });
});

describe('a call that writes', () => {
  test('is sent once if its outcome is unknown', async () => {
    for (const fault of [unavailable, { when: 'after', answer: 'none' }] as const) {
      const { api, server } = await clientOf(failing(9, fault));
      await expect(api.create('environment', WORKSPACE, environment)).rejects.toBeInstanceOf(OutcomeUnknown);
      expect(server.seen).toHaveLength(1);
    }
  });

  test('is sent again after a 429, which says that it was not carried out', async () => {
    const busy = { status: 429, body: '{}', headers: { 'retry-after': '7' } };
    const { api, waits, server } = await clientOf(failing(1, { when: 'before', answer: busy }));
    await api.create('environment', WORKSPACE, environment);
    expect(waits).toEqual([7000]);
    expect(server.environments).toHaveLength(1);
  });

  test('is sent again while another update of the collection is in progress (409)', async () => {
    const conflict = { status: 409, body: '{"detail":"Deep update operation is already in progress"}' };
    const { api, server, waits } = await clientOf({
      fault: ({ method }, count) =>
        method === 'PUT' && count < 4 ? { when: 'before', answer: conflict } : undefined,
    });
    const { uid } = server.put('collection', { info: { name: 'C' }, item: [] });
    const found = await api.get('collection', uid);
    const schema = 'https://schema.postman.com/json/collection/v2.1.0/collection.json';
    await api.replace('collection', uid, { ...found, info: { ...(found['info'] as object), schema } });
    expect(waits).toEqual([500, 1000]);
  });

  test('is refused for a reason that the error repeats', async () => {
    const { api } = await clientOf({});
    await expect(api.create('environment', WORKSPACE, { values: [] })).rejects.toMatchObject({
      code: 'POSTMAN_REFUSED',
      args: { status: 400, said: expect.stringContaining("must have required property 'name'") },
    });
  });
});

test('a large collection is sent to be updated later', async () => {
  const { api, server } = await clientOf({});
  const { uid, document } = server.put('collection', { info: { name: 'C' }, item: [] });
  const schema = 'https://schema.postman.com/json/collection/v2.1.0/collection.json';
  const description = 'x'.repeat(5_000_001);
  await api.replace('collection', uid, {
    ...document,
    info: { ...(document['info'] as object), schema, description },
  });
  expect(server.writes()[0]?.headers['prefer']).toBe('respond-async');
  expect(server.seen.at(-1)?.path).toMatch(/^\/collection-updates-tasks\//);
});

test('a list without paging is read once', async () => {
  const collections = [
    { uid: '1-a', name: 'A' },
    { uid: '1-b', name: 'B' },
  ];
  const { api, server } = await clientOf({
    fault: () => ({ when: 'before', answer: { status: 200, body: JSON.stringify({ collections }) } }),
  });
  expect(await api.list('collection', WORKSPACE)).toEqual(collections);
  expect(server.seen).toHaveLength(2);
});

test('ten calls in ten seconds are made at once, and the eleventh waits until the first is ten seconds old', () => {
  const pace = new Pace();
  const waits = Array.from({ length: 12 }, (_, index) => pace.next(index * 100));
  expect(waits).toEqual([...Array<number>(10).fill(0), 9000, 9000]);
  expect(pace.next(60_000)).toBe(0);
});
