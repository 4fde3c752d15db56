import { describe, expect, test } from '@jest/globals';
import { itemCalled } from '../../unit/workspace/collections.js';
import { startPostmanApi, WORKSPACE } from '../../unit/workspace/postman-api.js';
import { inChangedFolder, laterScript, push, pushedServer, valuesOf, variable } from './pushing.js';

test('the first push creates both in the chosen workspace and says where; the second finds nothing to do', async () => {
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

test('Postman has the content of the files, and no secret has a value', async () => {
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

test("an update shows its differences, keeps ids and users' additions, and is read back", async () => {
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
      expect(stderr).toContain('added by other users and kept: 1 request (Theirs), 1 example');
      expect(stderr).toContain('added by other users and kept: 1 variable (team)');
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

test('a text or value that was edited in Postman is kept, and replaced with --force', async () => {
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
        stderr: 'Nothing was written. Run it without --dry-run to write.\n',
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

test("a collection on a later page is found, and the push waits for the API's limits", async () => {
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

test('a Retry-After is waited for and announced', async () => {
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
