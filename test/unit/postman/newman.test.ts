import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import newman from 'newman';
import { biotzProfile, type Profile } from '../../../src/platform/profile.js';
import { createCollection, type CollectionOptions } from '../../../src/postman/collection.js';
import { createEnvironment } from '../../../src/postman/environment.js';
import { iterationRow } from '../../../src/postman/iteration-row.js';
import { device, future, idToken } from './fixture.js';

interface Received {
  readonly url: string;
  readonly type: string;
  readonly authorization: string | undefined;
  readonly body: string;
}

const received: Received[] = [];
let refused: readonly string[] = [];
let redirect = false;
let unknownClient = false;
let profile: Profile;

async function handle(request: IncomingMessage, response: ServerResponse) {
  let body = '';
  for await (const chunk of request.setEncoding('utf8')) body += String(chunk);
  const { 'content-type': type = '', authorization } = request.headers;
  received.push({ url: request.url ?? '', type, authorization, body });
  const send = (status: number, answer: object) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  if (request.url !== '/token') return send(200, { 'success?': true, details: {} });
  if (redirect) return response.writeHead(307, { location: '/elsewhere' }).end();
  if (unknownClient) return send(401, { error: 'invalid_client' });
  const refusal = { error: 'invalid_grant', error_description: 'Invalid user credentials' };
  return refused.some((name) => body.includes(name))
    ? send(401, refusal)
    : send(200, { access_token: 'a', token_type: 'Bearer', id_token: idToken({ exp: future() }) });
}

const server = createServer((request, response) => void handle(request, response));

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  const origin = `http://127.0.0.1:${port}`;
  profile = { ...biotzProfile, tokenUrl: `${origin}/token`, ingestionUrl: origin };
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

beforeEach(() => {
  received.length = 0;
  refused = [];
  redirect = false;
  unknownClient = false;
});

interface RunOptions {
  readonly settings?: Partial<Profile>;
  readonly switches?: CollectionOptions['switches'];
  readonly messageType?: string;
  readonly secret?: string;
}

/** Runs the collection for some devices as `newman run` would. @returns failed assertions and scripts */
async function run(
  numbers: readonly number[],
  { settings, switches = 'variables', messageType = '', secret }: RunOptions = {},
) {
  const used = { ...profile, ...settings };
  const collection = await createCollection(used, { switches });
  const rows = numbers.map((number) => iterationRow(device(number, secret === undefined ? {} : { secret })));
  const summary = await new Promise<newman.NewmanRunSummary>((resolve, reject) => {
    newman.run(
      {
        collection: JSON.parse(JSON.stringify(collection)),
        environment: JSON.parse(JSON.stringify(createEnvironment(used, { messageType }))),
        iterationData: rows,
      },
      (error, result) => (error ? reject(error) : resolve(result)),
    );
  });
  return {
    iterations: summary.run.stats.iterations.total,
    failures: summary.run.failures.map(({ error }) => error.message),
  };
}

test('every device logs in with the five fields of the guide as form-data', async () => {
  const { iterations, failures } = await run([1, 2]);
  expect({ iterations, failures }).toEqual({ iterations: 2, failures: [] });
  expect(received.map(({ url }) => url)).toEqual(['/token', '/token']);
  const [first] = received;
  expect(first?.type).toMatch(/^multipart\/form-data; boundary=/);
  expect(first?.authorization).toBeUndefined();
  expect(
    [...(first?.body ?? '').matchAll(/name="(\w+)"\r\n\r\n([^\r]*)\r\n/g)].map((m) => m.slice(1)),
  ).toEqual([
    ['username', device(1).username],
    ['password', device(1).password.reveal()],
    ['grant_type', 'password'],
    ['client_id', 'biotz-platform-devices'],
    ['scope', 'openid'],
  ]);
});

test('with a message type each device sends its message with its own id_token', async () => {
  const { failures } = await run([1, 2], { messageType: 'weather' });
  expect(failures).toEqual([]);
  const published = received.filter(({ url }) => url === '/api/device/publish/data/weather');
  expect(published).toHaveLength(2);
  for (const { authorization, body, type } of published) {
    expect(authorization).toMatch(/^Bearer ey/);
    expect(type).toBe('application/json');
    expect(JSON.parse(body)).toEqual({ hum: 20.5, temp: 25.6 });
  }
});

test('a refused device sends nothing more, and neither gets nor leaves a token', async () => {
  refused = [device(2).username];
  const { iterations, failures } = await run([1, 2, 3], { messageType: 'weather' });
  expect(iterations).toBe(3);
  expect(failures).toEqual([expect.stringMatching(/^invalid-user-credentials: /)]);
  expect(received.map(({ url }) => url.replace(/.*\//, ''))).toEqual([
    'token',
    'weather',
    'token',
    'token',
    'weather',
  ]);
});

test('credentials do not follow a redirect', async () => {
  redirect = true;
  const { failures } = await run([1]);
  expect(failures).toEqual([expect.stringMatching(/^redirected: /)]);
  expect(received.map(({ url }) => url)).toEqual(['/token']);
});

const secret = 'x{{client_id}}&é "';

test('a password with a variable in it arrives byte for byte in urlencoded mode', async () => {
  const { failures } = await run([1], { settings: { bodyMode: 'urlencoded' }, secret });
  expect(failures).toEqual([]);
  const [{ type, body } = { type: '', body: '' }] = received;
  expect(type).toBe('application/x-www-form-urlencoded');
  expect([...new URLSearchParams(body)]).toEqual([
    ['username', device(1).username],
    ['password', secret],
    ['grant_type', 'password'],
    ['client_id', 'biotz-platform-devices'],
    ['scope', 'openid'],
  ]);
});

const basic = `Basic ${btoa('biotz-platform-devices:')}`;

test.each([
  ['variables', 'formdata', 'body', /^multipart/, undefined],
  ['variables', 'formdata', 'basic', /^multipart/, basic],
  ['variables', 'urlencoded', 'basic', /urlencoded$/, basic],
  ['fixed', 'formdata', 'body', /^multipart/, undefined],
  ['fixed', 'formdata', 'basic', /^multipart/, basic],
  ['fixed', 'urlencoded', 'body', /urlencoded$/, undefined],
  ['fixed', 'urlencoded', 'basic', /urlencoded$/, basic],
] as const)(
  '%s switches send %s with the client by %s',
  async (switches, bodyMode, clientAuth, type, authorization) => {
    const { failures } = await run([1], { settings: { bodyMode, clientAuth }, switches });
    expect(failures).toEqual([]);
    expect(received[0]?.type).toMatch(type);
    expect(received[0]?.authorization).toBe(authorization);
    expect(received[0]?.body).toContain('grant_type');
  },
);

test.each([
  ['body', 'form-data-not-read'],
  ['basic', 'client-unknown'],
] as const)('invalid_client to form-data with the client by %s means %s', async (clientAuth, reason) => {
  unknownClient = true;
  for (const switches of ['variables', 'fixed'] as const) {
    const { failures } = await run([1], { settings: { clientAuth }, switches });
    expect(failures).toEqual([expect.stringMatching(`^${reason}: `)]);
  }
});

test('a wrong switch stops the request before any password is sent', async () => {
  const wrong = JSON.parse('{"bodyMode":"json"}');
  const { failures } = await run([1], { settings: wrong });
  expect(failures).toEqual([expect.stringContaining('body_mode is "json"')]);
  expect(received).toEqual([]);
});

test('an unreachable server is a failure of each device', async () => {
  const { iterations, failures } = await run([1, 2], { settings: { tokenUrl: 'http://127.0.0.1:1/token' } });
  expect(iterations).toBe(2);
  expect(failures.filter((message) => message.startsWith('connection-failed: '))).toHaveLength(2);
});
