import { describe, expect, test } from '@jest/globals';
import { cp, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Editable, itemCalled } from '../../unit/workspace/collections.js';
import { KEY, type Options, startPostmanApi, WORKSPACE } from '../../unit/workspace/postman-api.js';
import { inTemporaryFolder } from '../../support/folder.js';
import { program } from '../../support/program.js';
import {
  COLLECTION,
  ENVIRONMENT,
  generated,
  inChangedFolder,
  laterScript,
  push,
  pushedServer,
  variable,
} from './pushing.js';

describe('a file that must not be shared is refused, and nothing is sent', () => {
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

  test('a file of a private folder, even behind a link', async () => {
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

  test('a secret that was shared in Postman is named, not sent along, and nothing else is written either', async () => {
    const { server, environment, writesBefore } = await pushedServer();
    Object.assign(variable(environment.document, 'password') ?? {}, { value: 'hunter2hunter2' });
    await inChangedFolder(
      { collection: laterScript, environment: filled('scope', 'openid profile') },
      async (from) => {
        const { status, stderr } = await push(server, ['--yes'], { from });
        expect(status).toBe(2);
        expect(stderr).toContain('values: password.');
        expect(stderr).toContain('--only collection');
        expect(stderr).not.toContain('hunter2');
        expect(server.writes()).toHaveLength(writesBefore);
        expect(await push(server, ['--yes', '--only', 'collection'], { from })).toMatchObject({ status: 0 });
      },
    );
  });
});

describe('a refusal comes with its next step', () => {
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
    ["a proxy's page", answering(200, '<html>Log in</html>'), 3, 'did not come from the Postman API'],
    ["a proxy's refusal", answering(403, '<html>Blocked</html>'), 3, 'did not come from the Postman API'],
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
      'calls to the Postman API are used up',
    ],
  ])('%s', async (_, options, status, said) => {
    const server = await startPostmanApi(options);
    const finished = await push(server);
    expect(finished).toMatchObject({ status, stdout: '', stderr: expect.stringContaining(said) });
    expect(server.writes()).toEqual([]);
  });

  test('a server that does not exist', async () => {
    const { status, stderr } = await push({ url: 'http://127.0.0.1:1' });
    expect({ status, stderr }).toMatchObject({
      status: 3,
      stderr: expect.stringContaining('did not answer'),
    });
  });

  test("the server's own words are made harmless, and the key in them is masked", async () => {
    const server = await startPostmanApi(
      answering(403, JSON.stringify({ error: { message: `::error::\u001b[31mno ${KEY}` } })),
    );
    const { stderr } = await push(server);
    expect(stderr).toContain(': :error: :\\u{1b}[31mno [redacted]');
  });

  test('a workspace that does not exist', async () => {
    const server = await startPostmanApi();
    const { status, stderr } = await program(
      ['push', generated, '--yes', '--workspace', 'elsewhere', '--postman-api-url', server.url],
      { env: { POSTMAN_API_KEY: KEY } },
    );
    expect(status).toBe(2);
    expect(stderr).toContain('Check --workspace');
  });
});

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
      'a read-only access key',
    ],
    [
      'a key in an argument',
      ['--yes', ...workspace, '--api-key', KEY],
      {},
      'Set POSTMAN_API_KEY in the environment',
    ],
    ['no workspace', ['--yes'], key, 'oldest personal workspace'],
    ['no terminal to ask on', workspace, key, '--dry-run, then add --yes'],
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

  test('for a folder without the files, the error names the command that makes them', async () => {
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
