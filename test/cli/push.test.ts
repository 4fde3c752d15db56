import { describe, expect, test } from '@jest/globals';
import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Document } from '../../src/workspace/document.js';
import { type Editable, itemCalled } from '../workspace/collections.js';
import {
  KEY,
  type Kept,
  type Options,
  OWNER,
  type PostmanServer,
  startPostmanApi,
  WORKSPACE,
} from '../workspace/postman-api.js';
import { whereInstalled } from './installed.js';
import { type Calling, inTemporaryFolder, program } from './program.js';
import { programOnTerminal, terminalProgram } from './terminal-session.js';

const generated = fileURLToPath(new URL('../../generated', import.meta.url));
const COLLECTION = 'biotz.postman_collection.json';
const ENVIRONMENT = 'biotz.shared.postman_environment.json';

/** Runs the built program against a server; what it prints never has the key in it. */
async function push(
  { url }: Pick<PostmanServer, 'url'>,
  args: readonly string[] = ['--yes'],
  { from = generated, ...calling }: Calling & { readonly from?: string } = {},
) {
  const where = ['--workspace', WORKSPACE, '--postman-api-url', url];
  const finished = await program(['push', from, ...where, ...args], {
    ...calling,
    env: { POSTMAN_API_KEY: KEY, ...calling.env },
  });
  expect(finished.stdout + finished.stderr).not.toContain(KEY);
  return finished;
}

/** The committed files, some of them changed. */
async function inChangedFolder<T>(
  change: { readonly collection?: (it: Editable) => void; readonly environment?: (it: Editable) => void },
  use: (folder: string) => Promise<T>,
): Promise<T> {
  return inTemporaryFolder(async (folder) => {
    for (const [name, edit] of [
      [COLLECTION, change.collection],
      [ENVIRONMENT, change.environment],
    ] as const) {
      const document = JSON.parse(await readFile(join(generated, name), 'utf8')) as Editable;
      edit?.(document);
      await writeFile(join(folder, name), JSON.stringify(document));
    }
    return use(folder);
  });
}

/** A server in which a first push has been made. */
async function pushedServer(options: Options = {}) {
  const server = await startPostmanApi(options);
  expect(await push(server)).toMatchObject({ status: 0 });
  const [collection] = server.collections as [Kept & { document: Editable }];
  const [environment] = server.environments as [Kept];
  return { server, collection, environment, writesBefore: server.writes().length };
}

const valuesOf = (environment: Document) => environment['values'] as Record<string, unknown>[];
const variable = (environment: Document, key: string) =>
  valuesOf(environment).find((each) => each['key'] === key);

const laterScript = (collection: Editable) => {
  const [, event] = itemCalled(collection, 'Get token').event;
  Object.assign(event?.script ?? {}, { exec: ['// Another script.'] });
};

test('the first push makes both in the workspace that was named, says where, and finds nothing to do the second time', async () => {
  const server = await startPostmanApi();
  const first = await push(server);
  const [collection, environment] = [server.collections[0], server.environments[0]];
  expect(first).toMatchObject({ status: 0 });
  expect(first.stdout).toBe(
    `created  collection  "Biotz devices"  ${collection?.uid}\ncreated  environment  "Biotz (shared)"  ${environment?.uid}\n`,
  );
  expect(first.stderr).toContain('Taylor Lee, team Test Team');
  expect(first.stderr).toContain('workspace "Devices" (team)');
  const second = await push(server);
  expect(second).toMatchObject({ status: 0 });
  expect(second.stdout).toContain(`unchanged  collection  "Biotz devices"  ${collection?.uid}\n`);
  expect(second.stderr).toContain('nothing was written');
  expect(server.writes().map(({ method, path }) => `${method} ${path}`)).toEqual([
    `POST /collections?workspace=${WORKSPACE}`,
    `POST /environments?workspace=${WORKSPACE}`,
  ]);
});

test('what is in Postman is what was in the files, and no secret has a value', async () => {
  const { collection, environment } = await pushedServer();
  expect(collection.document.item.map(({ name }) => name)).toEqual(['Get token', 'Publish data']);
  expect(variable(environment.document, 'token_url')).toMatchObject({ type: 'default', enabled: true });
  const secrets = valuesOf(environment.document).filter(({ type }) => type === 'secret');
  expect(secrets.map(({ key, value }) => [key, value])).toEqual([
    ['username', ''],
    ['password', ''],
    ['id_token', ''],
  ]);
  expect(variable(environment.document, 'biotz_postman')).toMatchObject({ enabled: false });
});

test('an update shows its differences, keeps ids and what people added, and is read back', async () => {
  const { server, collection, environment, writesBefore } = await pushedServer();
  const id = itemCalled(collection.document, 'Get token').id;
  itemCalled(collection.document, 'Get token').response = [{ id: 'e', name: 'Their example' }];
  collection.document.item.push({
    id: 'theirs',
    name: 'Theirs',
    event: [],
    request: { method: 'GET', url: 'x' },
  });
  valuesOf(environment.document).push({
    key: 'team',
    value: 'blue',
    type: 'default',
    enabled: true,
    note: 7,
  });
  Object.assign(variable(environment.document, 'message_type') ?? {}, { value: 'climate' });
  await inChangedFolder(
    {
      collection: laterScript,
      environment: (it) => Object.assign(variable(it, 'scope') ?? {}, { value: 'openid profile' }),
    },
    async (from) => {
      const { status, stdout, stderr } = await push(server, ['--yes'], { from });
      expect({ status, stdout }).toEqual({
        status: 0,
        stdout: `updated  collection  "Biotz devices"  ${collection.uid}\nupdated  environment  "Biotz (shared)"  ${environment.uid}\n`,
      });
      expect(stderr).toContain('~ Get token: test script');
      expect(stderr).toContain('      +// Another script.');
      expect(stderr).toContain('~ scope: value: "openid" → "openid profile"');
      expect(stderr).toContain('added by others and kept: 1 request (Theirs), 1 example');
      expect(stderr).toContain('added by others and kept: 1 variable (team)');
      expect(await push(server, ['--yes'], { from })).toMatchObject({ status: 0 });
    },
  );
  expect(server.writes()).toHaveLength(writesBefore + 2);
  expect(itemCalled(collection.document, 'Get token')).toMatchObject({
    id,
    response: [{ name: 'Their example' }],
  });
  expect(collection.document.item.map((item) => item.name)).toEqual(['Get token', 'Publish data', 'Theirs']);
  expect(variable(environment.document, 'team')).toMatchObject({ value: 'blue', note: 7 });
  expect(variable(environment.document, 'message_type')).toMatchObject({ value: 'climate' });
});

test('a text or value that somebody edited in Postman is kept, and replaced with --force', async () => {
  const { server, collection, environment, writesBefore } = await pushedServer();
  const publish = itemCalled(collection.document, 'Publish data').request;
  publish.body = { mode: 'raw', raw: '{ "temp": 1 }' };
  Object.assign(variable(environment.document, 'token_url') ?? {}, {
    value: 'https://staging.example.org/token',
  });
  const kept = await push(server);
  expect(kept).toMatchObject({ status: 0 });
  expect(kept.stderr).toContain('Publish data: body was edited in Postman and is kept');
  expect(kept.stderr).toContain('token_url: value was edited in Postman and is kept');
  expect(server.writes()).toHaveLength(writesBefore);
  expect(await push(server, ['--yes', '--force'])).toMatchObject({ status: 0 });
  expect(server.writes()).toHaveLength(writesBefore + 2);
  expect(itemCalled(collection.document, 'Publish data').request.body).toMatchObject({ mode: 'raw' });
  expect(variable(environment.document, 'token_url')?.['value']).toContain('auth.biotz.io');
});

describe('--dry-run', () => {
  test('prints the differences on standard output and writes nothing', async () => {
    const { server, writesBefore } = await pushedServer();
    await inChangedFolder({ collection: laterScript }, async (from) => {
      const { status, stdout, stderr } = await push(server, ['--dry-run'], { from });
      expect({ status, stderr }).toEqual({
        status: 0,
        stderr: 'Nothing was written; leave --dry-run out to write it.\n',
      });
      expect(stdout).toContain('~ Get token: test script');
    });
    expect(server.writes()).toHaveLength(writesBefore);
  });

  test('as JSON for machines', async () => {
    const server = await startPostmanApi({ visibility: 'public' });
    const { stdout } = await push(server, ['--dry-run', '--format', 'json']);
    expect(JSON.parse(stdout)).toEqual({
      user: { name: 'Taylor Lee', team: 'Test Team' },
      workspace: { id: WORKSPACE, name: 'Devices', visibility: 'public' },
      dryRun: true,
      collection: {
        name: 'Biotz devices',
        action: 'create',
        changes: [
          { kind: 'added', what: 'request', path: 'Get token' },
          { kind: 'added', what: 'request', path: 'Publish data' },
        ],
      },
      environment: { name: 'Biotz (shared)', action: 'create', changes: expect.any(Array) },
    });
    expect(server.writes()).toEqual([]);
  });
});

test('the result as JSON names the changes by place and part', async () => {
  const { server, collection } = await pushedServer();
  await inChangedFolder({ collection: laterScript }, async (from) => {
    const { stdout } = await push(server, ['--yes', '--format', 'json'], { from });
    expect(JSON.parse(stdout)).toMatchObject({
      dryRun: false,
      collection: {
        state: 'updated',
        uid: collection.uid,
        changes: [{ kind: 'changed', path: 'Get token', part: 'test script' }],
      },
      environment: { state: 'unchanged', changes: [] },
    });
  });
});

test('a collection of many pages is found, and limits of the API are waited for', async () => {
  const server = await startPostmanApi({ mostOfPage: 2, limit: { calls: 3, windowMs: 1000 } });
  for (let index = 0; index < 5; index++)
    server.put('collection', { info: { name: `Other ${index}` }, item: [] });
  expect(await push(server)).toMatchObject({ status: 0 });
  const { status, stdout, stderr } = await push(server);
  expect({ status, stdout }).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('unchanged  collection'),
  });
  expect(stderr + stdout).not.toContain('error');
  expect(server.collections).toHaveLength(6);
});

test('a Retry-After is waited for, and said', async () => {
  let refused = 0;
  const server = await startPostmanApi({
    fault: ({ method }) =>
      method === 'POST' && refused++ < 1
        ? {
            when: 'before',
            answer: { status: 429, body: '{"title":"Too Many Requests"}', headers: { 'retry-after': '2' } },
          }
        : undefined,
  });
  const { status, stderr } = await push(server);
  expect(status).toBe(0);
  expect(stderr).toContain('Waiting 2 s for the Postman API.');
  expect([server.collections.length, server.environments.length]).toEqual([1, 1]);
});

test('an update that is done later (202) is waited for', async () => {
  const { server } = await pushedServer({ isAsync: true });
  await inChangedFolder({ collection: laterScript }, async (from) => {
    expect(await push(server, ['--yes'], { from })).toMatchObject({ status: 0 });
  });
  expect(server.seen.filter(({ path }) => path.startsWith('/collection-updates-tasks/'))).toHaveLength(2);
});

describe('what must not be shared is refused, and nothing is sent', () => {
  const filled = (key: string, value: string) => (it: Editable) =>
    void Object.assign(variable(it, key) ?? {}, { value });
  const jwt = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.c2lnbmF0dXJl';

  test.each([
    ['a filled password', { environment: filled('password', 'hunter2hunter2') }, 'values[6] "password"'],
    ['a filled username', { environment: filled('username', 'dev-1') }, 'values[5] "username"'],
    ['a token in a variable', { environment: filled('device_name', jwt) }, 'values[8].value'],
    [
      'a password in the form of a request',
      {
        collection: (it: Editable) =>
          void (itemCalled(it, 'Get token').request.body = {
            mode: 'formdata',
            formdata: [{ key: 'password', value: 'hunter2hunter2' }],
          }),
      },
      'item[0].request.body.formdata[0] "password"',
    ],
    [
      'an Authorization header',
      {
        collection: (it: Editable) =>
          void (itemCalled(it, 'Publish data').request.header = [
            { key: 'Authorization', value: `Bearer ${jwt}` },
          ]),
      },
      'item[1].request.header[0] "Authorization"',
    ],
  ])('%s', async (_, change, place) => {
    const server = await startPostmanApi();
    await inChangedFolder(change, async (from) => {
      const { status, stdout, stderr } = await push(server, ['--yes'], { from });
      expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
      expect(stderr).toContain(place);
      expect(stderr).not.toMatch(/hunter2|eyJ|dev-1/);
    });
    expect(server.seen).toEqual([]);
  });

  test('a file of a private folder, also behind a link', async () => {
    const server = await startPostmanApi();
    await inTemporaryFolder(async (folder) => {
      await mkdir(join(folder, 'private'));
      await cp(join(generated, COLLECTION), join(folder, COLLECTION));
      await cp(join(generated, ENVIRONMENT), join(folder, 'private', ENVIRONMENT));
      await symlink(join('private', ENVIRONMENT), join(folder, ENVIRONMENT));
      expect(await push(server, ['--yes'], { from: folder })).toMatchObject({
        status: 2,
        stderr: expect.stringContaining('private'),
      });
    });
    expect(server.seen).toEqual([]);
  });

  test('values that teammates fill from their vault are references, and pass', async () => {
    const server = await startPostmanApi();
    await inChangedFolder({ environment: filled('password', '{{vault:biotz-password}}') }, async (from) => {
      expect(await push(server, ['--yes'], { from })).toMatchObject({ status: 0 });
    });
    expect(variable(server.environments[0]?.document ?? {}, 'password')).toMatchObject({
      value: '{{vault:biotz-password}}',
    });
  });

  test('a secret that somebody shared in Postman: it is named, not sent along, and nothing else is written either', async () => {
    const { server, environment, writesBefore } = await pushedServer();
    Object.assign(variable(environment.document, 'password') ?? {}, { value: 'hunter2hunter2' });
    await inChangedFolder(
      { collection: laterScript, environment: filled('scope', 'openid profile') },
      async (from) => {
        const { status, stderr } = await push(server, ['--yes'], { from });
        expect(status).toBe(2);
        expect(stderr).toContain('(password)');
        expect(stderr).toContain('--only collection');
        expect(stderr).not.toContain('hunter2');
        expect(server.writes()).toHaveLength(writesBefore);
        expect(await push(server, ['--yes', '--only', 'collection'], { from })).toMatchObject({ status: 0 });
      },
    );
  });
});

describe('the environment of a user', () => {
  const USER = 'biotz.user.postman_environment.json';
  const inUserFolder = (use: (folder: string) => Promise<void>) =>
    inTemporaryFolder(async (folder) => {
      expect(await program(['generate', '--user', '--out', folder])).toMatchObject({ status: 0 });
      return use(folder);
    });

  test('is pushed where there is none for devices, and beside that', async () => {
    const server = await startPostmanApi();
    await inUserFolder(async (from) => {
      expect(await push(server, ['--yes'], { from })).toMatchObject({ status: 0 });
      expect(server.environments.map(({ document }) => document['name'])).toEqual(['Biotz user (shared)']);
      await cp(join(generated, ENVIRONMENT), join(from, ENVIRONMENT));
      const { status, stdout } = await push(server, ['--yes', '--format', 'json'], { from });
      expect(status).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({
        collection: { state: 'unchanged' },
        environment: { name: 'Biotz (shared)', state: 'created' },
        userEnvironment: { name: 'Biotz user (shared)', state: 'unchanged' },
      });
    });
    expect(server.environments).toHaveLength(2);
  });

  test('has the same rules: no secret, none of others by its name but by its own option', async () => {
    const server = await startPostmanApi();
    const { uid } = server.put('environment', { name: 'Biotz user (shared)', values: [] });
    await inUserFolder(async (from) => {
      const args = ['--yes', '--only', 'environment'];
      const refused = await push(server, args, { from });
      expect(refused).toMatchObject({ status: 2, stderr: expect.stringContaining('--user-environment-uid') });
      expect(await push(server, [...args, '--environment-uid', uid], { from })).toMatchObject({ status: 2 });
      expect(await push(server, [...args, '--user-environment-uid', uid], { from })).toMatchObject({
        status: 0,
      });
      const document = JSON.parse(await readFile(join(from, USER), 'utf8')) as Editable;
      Object.assign(variable(document, 'password') ?? {}, { value: 'hunter2hunter2' });
      await writeFile(join(from, USER), JSON.stringify(document));
      const secret = await push(server, args, { from });
      expect(secret).toMatchObject({ status: 2, stderr: expect.stringContaining(`${USER} holds`) });
    });
    expect(server.writes()).toHaveLength(1);
  });
});

describe('what no push has made is not touched', () => {
  const theirs = { info: { name: 'Biotz devices', description: 'Mine.' }, item: [] };

  test('a namesake is refused, and taken over when it is named', async () => {
    const server = await startPostmanApi();
    const { uid } = server.put('collection', theirs);
    const { status, stderr } = await push(server);
    expect(status).toBe(2);
    expect(stderr).toContain(uid);
    expect(stderr).toContain('--collection-uid');
    expect(server.writes()).toEqual([]);
    expect(await push(server, ['--yes', '--collection-uid', uid])).toMatchObject({ status: 0 });
    expect(server.collections[0]?.document).toMatchObject({
      info: { description: expect.stringMatching(/^Mine\.\n\n`biotz-postman /) },
      item: [{ name: 'Get token' }, { name: 'Publish data' }],
    });
    expect(await push(server)).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('unchanged  collection'),
    });
  });

  test('of several that pushes made, one has to be named', async () => {
    const { server, collection } = await pushedServer();
    const copy = server.put('collection', collection.document);
    const { status, stderr } = await push(server);
    expect(status).toBe(2);
    expect(stderr).toContain(`${collection.uid}, ${copy.uid}`);
    for (const chosen of [copy.uid, copy.id]) {
      expect(await push(server, ['--yes', '--collection-uid', chosen])).toMatchObject({ status: 0 });
    }
  });

  test('one that is not in the workspace cannot be named', async () => {
    const server = await startPostmanApi();
    const { status, stderr } = await push(server, ['--yes', '--environment-uid', `${OWNER}-nowhere`]);
    expect({ status, sent: server.writes() }).toEqual({ status: 2, sent: [] });
    expect(stderr).toContain('has no environment with the uid');
  });
});

describe('when half of it fails', () => {
  test('what was written is said, with its uid, and the next push goes on from there', async () => {
    let isDown = true;
    const server = await startPostmanApi({
      fault: ({ method, path }) =>
        isDown && method === 'POST' && path.startsWith('/environments')
          ? {
              when: 'before',
              answer: {
                status: 500,
                body: '{"error":{"name":"serverError","message":"An error has occurred."}}',
              },
            }
          : undefined,
    });
    const { status, stdout, stderr } = await push(server);
    expect(status).toBe(3);
    expect(stdout).toBe(
      `created  collection  "Biotz devices"  ${server.collections[0]?.uid}\nperhaps written  environment  "Biotz (shared)"\n`,
    );
    expect(stderr).toContain('An error has occurred.');
    expect(stderr).toContain('[PUSH_UNCERTAIN]');
    isDown = false;
    expect(await push(server)).toMatchObject({ status: 0 });
    expect([server.collections.length, server.environments.length]).toEqual([1, 1]);
  });

  test('the connection breaks after the collection was made: it is found, not made twice', async () => {
    let broken = 0;
    const server = await startPostmanApi({
      fault: ({ method }) =>
        method === 'POST' && broken++ === 0 ? { when: 'after', answer: 'none' } : undefined,
    });
    expect(await push(server)).toMatchObject({ status: 0 });
    expect(server.collections).toHaveLength(1);
  });

  test('a 500 for an update that was carried out is no failure', async () => {
    let isBroken = false;
    const { server } = await pushedServer({
      fault: ({ method }) =>
        isBroken && method === 'PUT' ? { when: 'after', answer: { status: 500, body: 'oops' } } : undefined,
    });
    isBroken = true;
    await inChangedFolder({ collection: laterScript }, async (from) => {
      expect(await push(server, ['--yes'], { from })).toMatchObject({ status: 0 });
    });
  });

  test('an update that was not carried out is not called done', async () => {
    let isBroken = false;
    const { server, collection } = await pushedServer({
      fault: ({ method }) => (isBroken && method === 'PUT' ? { when: 'before', answer: 'none' } : undefined),
    });
    isBroken = true;
    await inChangedFolder({ collection: laterScript }, async (from) => {
      const { status, stdout } = await push(server, ['--yes'], { from });
      expect(status).toBe(3);
      expect(stdout).toContain(`perhaps written  collection  "Biotz devices"  ${collection.uid}`);
    });
  });

  test('a server that says yes and loses a request of somebody is noticed', async () => {
    let lose: () => void = () => undefined;
    const lossy = await pushedServer({
      onDone: ({ method }) => {
        if (method === 'PUT') lose();
      },
    });
    lose = () => void lossy.collection.document.item.pop();
    lossy.collection.document.item.push({
      id: 't',
      name: 'Theirs',
      event: [],
      request: { method: 'GET', url: 'x' },
    });
    await inChangedFolder({ collection: laterScript }, async (from) => {
      const { status, stdout, stderr } = await push(lossy.server, ['--yes'], { from });
      expect(status).toBe(3);
      expect(stdout).toContain('written, not verified  collection');
      expect(stdout).toContain('not attempted  environment');
      expect(stderr).toContain('as it was sent: Theirs');
    });
  });

  test('somebody edits between the reading and the writing: it is not written over', async () => {
    let edit: () => void = () => undefined;
    const edited = await pushedServer({
      onDone: ({ path }) => {
        // The last that is read before anything is written.
        if (path.startsWith('/environments/')) edit();
      },
    });
    edit = () => void (itemCalled(edited.collection.document, 'Get token').name = 'Mine');
    await inChangedFolder({ collection: laterScript }, async (from) => {
      const { status, stderr } = await push(edited.server, ['--yes'], { from });
      expect(status).toBe(3);
      expect(stderr).toContain('Somebody edited the collection');
    });
    expect(edited.server.writes()).toHaveLength(edited.writesBefore);
  });

  test('an interrupt between the two writes: what is done is said', async () => {
    let arrive: () => void = () => undefined;
    const arrived = new Promise<void>((resolve) => (arrive = resolve));
    let answer: () => void = () => undefined;
    const answered = new Promise<void>((resolve) => (answer = resolve));
    const server = await startPostmanApi({
      onDone: async ({ method }) => {
        if (method !== 'POST') return;
        arrive();
        await answered;
      },
    });
    const pushing = push(server, ['--yes'], {
      interruptAfter: arrived,
      onNote: (text: string) => {
        if (text.includes('Interrupted')) answer();
      },
    });
    const { status, stdout, stderr } = await pushing;
    expect(status).toBe(130);
    expect(stdout).toContain(`collection  "Biotz devices"  ${server.collections[0]?.uid}`);
    expect(stdout).toContain('not attempted  environment');
    expect(stderr).toContain('Run the command again to go on');
    expect(server.environments).toEqual([]);
  });
});

test('an interrupt does not wait for an answer that only reads', async () => {
  let arrive: () => void = () => undefined;
  const arrived = new Promise<void>((resolve) => (arrive = resolve));
  let answer: () => void = () => undefined;
  const answered = new Promise<void>((resolve) => (answer = resolve));
  const server = await startPostmanApi({
    onDone: async () => {
      arrive();
      await answered;
    },
  });
  const { status, stderr } = await push(server, ['--yes'], { interruptAfter: arrived });
  answer();
  expect(status).toBe(130);
  expect(stderr).toContain('Nothing was written');
});

describe('a refusal is told with its next step', () => {
  const answering = (status: number, body: string, headers: Record<string, string> = {}): Options => ({
    fault: () => ({ when: 'before', answer: { status, body, headers } }),
  });

  test.each([
    [
      'a key that is wrong',
      answering(401, '{"error":{"name":"AuthenticationError","message":"Invalid API Key."}}'),
      2,
      'keys are made at',
    ],
    [
      'no permission',
      answering(403, '{"title":"Forbidden","detail":"You do not have access."}'),
      2,
      'Editor role',
    ],
    ["a proxy's page", answering(200, '<html>Log in</html>'), 3, 'does not speak as the Postman API'],
    ["a proxy's refusal", answering(403, '<html>Blocked</html>'), 3, 'does not speak as the Postman API'],
    [
      'a redirect, which is not followed',
      answering(302, '', { location: 'http://127.0.0.1:1/' }),
      3,
      'HTTP 302',
    ],
    ['a wait that is too long', answering(429, '{}', { 'retry-after': '3600' }), 3, 'asks to wait 3600 s'],
    [
      "a month's calls that are used up",
      answering(429, '{"error":{"name":"serviceLimitExhausted"}}'),
      3,
      'that the plan has',
    ],
  ])('%s', async (_, options, status, said) => {
    const server = await startPostmanApi(options);
    const finished = await push(server);
    expect(finished).toMatchObject({ status, stdout: '', stderr: expect.stringContaining(said) });
    expect(server.writes()).toEqual([]);
  });

  test('a server that is not there', async () => {
    const { status, stderr } = await push({ url: 'http://127.0.0.1:1' });
    expect({ status, stderr }).toMatchObject({
      status: 3,
      stderr: expect.stringContaining('gave no answer'),
    });
  });

  test("the server's own words are made harmless, and the key in them is masked", async () => {
    const server = await startPostmanApi(
      answering(403, JSON.stringify({ error: { message: `::error::\u001b[31mno ${KEY}` } })),
    );
    const { stderr } = await push(server);
    expect(stderr).toContain(': :error: :\\u{1b}[31mno [redacted]');
  });

  test('a workspace that is not there', async () => {
    const server = await startPostmanApi();
    const { status, stderr } = await program(
      ['push', generated, '--yes', '--workspace', 'elsewhere', '--postman-api-url', server.url],
      { env: { POSTMAN_API_KEY: KEY } },
    );
    expect(status).toBe(2);
    expect(stderr).toContain('Check --workspace');
  });
});

for (const _ of whereInstalled([terminalProgram], 'push asks on a terminal')) {
  test.each([
    ['yes', 'y', 0, 2],
    ['no', 'n', 3, 0],
    ['nothing but Enter, which is no', '', 3, 0],
    ['Ctrl-C', '\u0003', 130, 0],
  ])('on a terminal it asks, and %s is an answer', async (__, answer, status, writes) => {
    const server = await startPostmanApi();
    const args = ['push', generated, '--workspace', WORKSPACE, '--postman-api-url', server.url];
    const session = await programOnTerminal(args, [['(y/N)', answer]], {
      cwd: tmpdir(),
      env: { POSTMAN_API_KEY: KEY },
    });
    expect(session).toMatchObject({ status, shown: expect.stringContaining('+ request Get token') });
    expect(server.writes()).toHaveLength(writes);
  });
}

describe('a wrong command line ends with status 2 and sends nothing', () => {
  const key = { POSTMAN_API_KEY: KEY };
  const workspace = ['--workspace', WORKSPACE];

  test.each([
    ['no key', ['--yes', ...workspace], {}, 'POSTMAN_API_KEY is not set'],
    ['a key with a line break', ['--yes', ...workspace], { POSTMAN_API_KEY: `${KEY}\n` }, 'a line break'],
    [
      'an access key for one collection',
      ['--yes', ...workspace],
      { POSTMAN_API_KEY: 'PMAT-01ABCDEFGHJKMNPQRSTVWXYZ00' },
      'can only read',
    ],
    [
      'a key in an argument',
      ['--yes', ...workspace, '--api-key', KEY],
      {},
      'Set POSTMAN_API_KEY in the environment',
    ],
    ['no workspace', ['--yes'], key, 'oldest personal workspace'],
    ['nobody to ask', workspace, key, '--dry-run, then add --yes'],
    [
      'an address without TLS',
      ['--yes', ...workspace, '--postman-api-url', 'http://postman.example'],
      key,
      'unencrypted',
    ],
    [
      'an address with a path',
      ['--yes', ...workspace, '--postman-api-url', 'https://postman.example/x'],
      key,
      'without a path',
    ],
    [
      'an address and a region',
      ['--yes', ...workspace, '--region', 'eu', '--postman-api-url', 'https://a.example'],
      key,
      '--region',
    ],
    [
      'a uid of what is left out',
      ['--yes', ...workspace, '--only', 'environment', '--collection-uid', '1-a'],
      key,
      '--only environment',
    ],
  ])('%s', async (_, args, env, said) => {
    const { status, stdout, stderr } = await program(['push', generated, ...args], { env });
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(said);
    expect(stderr).not.toContain(KEY);
  });

  test('a folder without the files names what makes them', async () => {
    await inTemporaryFolder(async (folder) => {
      const { status, stderr } = await program(['push', '--yes', ...workspace], { env: key, cwd: folder });
      expect(status).toBe(2);
      expect(stderr).toContain('biotz-postman generate DEVICES');
      expect(stderr).toContain(join('generated', COLLECTION));
    });
  });

  test('neither address nor workspace may come from a config file', async () => {
    await inTemporaryFolder(async (folder) => {
      for (const setting of [
        { 'postman-api-url': 'https://evil.example' },
        { workspace: WORKSPACE },
        { yes: true },
      ]) {
        await writeFile(join(folder, 'biotz-postman.config.json'), JSON.stringify(setting));
        const finished = await program(['push', generated, '--yes', ...workspace], { env: key, cwd: folder });
        expect(finished).toMatchObject({ status: 2, stderr: expect.stringContaining('config file') });
      }
    });
  });
});
