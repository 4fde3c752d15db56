import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { biotzProfile, runFleet, type RunFleetOptions } from 'biotz-postman';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Secret } from '../../../src/secret/secret.js';
import type { StandIn } from '../../../src/stand-in/server.js';
import { startStandIn } from '../../../src/stand-in/server.js';
import { node } from '../../support/program.js';
import { complete, writeCsv } from '../cli/fleet.js';

const root = new URL('../../../', import.meta.url);
const rows = Array.from({ length: 6 }, (_, index) => complete({}, index));
const wrong = rows.map((row, index) => (index === 3 ? { ...row, password: 'canary wrong' } : row));

let platform: StandIn;
beforeAll(async () => {
  const devices = rows.map(({ username, password }) => ({ username, password: new Secret(password) }));
  platform = await startStandIn({ devices, behaviour: 'gateway' });
});
afterAll(() => platform.close());

let folder: string;
let options: Pick<RunFleetOptions, 'folder' | 'profile' | 'retries'>;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'biotz-postman-library-'));
  const profile = { ...biotzProfile, tokenUrl: platform.tokenUrl };
  options = { folder: join(folder, 'report'), profile, retries: 0 };
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test.each(['newman', 'token'] as const)(
  'a fleet run with the %s engine keeps a journal, writes reports and returns the outcome',
  async (engine) => {
    const file = await writeCsv(folder, wrong);
    const lines: number[] = [];
    const outcome = await runFleet(file, {
      ...options,
      engine,
      reporters: ['json', 'ndjson'],
      onResult: ({ line }) => lines.push(line),
    });
    expect(outcome).toMatchObject({
      end: 'completed',
      counts: { read: 6, attempted: 6, passed: 5, failed: 1, notAttempted: 0 },
      failures: [{ reason: 'invalid-user-credentials', count: 1 }],
      reports: ['report.json', 'results.ndjson'].map((name) => join(options.folder, name)),
    });
    expect(new Set(lines)).toEqual(new Set([2, 3, 4, 5, 6, 7]));
    const texts = await Promise.all(
      (await readdir(options.folder)).map((name) => readFile(join(options.folder, name), 'utf8')),
    );
    expect(texts.join('')).not.toContain('canary');
  },
);

test('a run that its signal ended is resumed, and sends each device once', async () => {
  const file = await writeCsv(folder, rows);
  const stopping = new AbortController();
  const first = await runFleet(file, {
    ...options,
    engine: 'token',
    concurrency: 1,
    signal: stopping.signal,
    onResult: () => stopping.abort(),
  });
  expect(first.end).toBe('interrupted');
  expect(first.counts.notAttempted).toBeGreaterThan(0);
  const rest = await runFleet(file, { ...options, engine: 'token', resume: 'rest' });
  expect(rest).toMatchObject({ end: 'completed', counts: { passed: 6, notAttempted: 0 } });
  expect(rest.parts[0]?.resumed).toBe(1);
});

test('resume: failed sends a device again whose password was corrected', async () => {
  await runFleet(await writeCsv(folder, wrong), { ...options, engine: 'token' });
  const outcome = await runFleet(await writeCsv(folder, rows), {
    ...options,
    engine: 'token',
    resume: 'failed',
  });
  expect(outcome.counts).toMatchObject({ attempted: 6, passed: 6 });
});

test.each(['newman', 'token'] as const)(
  'an invalid option of the %s engine is refused before a file or folder is opened',
  async (engine) => {
    const running = runFleet(join(folder, 'missing.csv'), { ...options, engine, concurrency: 0 });
    await expect(running).rejects.toMatchObject({ code: 'OPTION_INVALID' });
    expect(await readdir(folder)).toEqual([]);
  },
);

test('a file with an error is refused, and nothing is sent or written', async () => {
  const file = await writeCsv(folder, [...rows, { ...complete({}, 9), password: '' }]);
  const { logins, refused } = platform.counts;
  const codes: string[] = [];
  const running = runFleet(file, { ...options, onDiagnostic: ({ code }) => codes.push(code) });
  await expect(running).rejects.toMatchObject({ code: 'CREDENTIALS_INVALID' });
  expect(codes).toHaveLength(1);
  expect(platform.counts).toMatchObject({ logins, refused });
  expect(await readdir(folder)).toEqual(['devices.csv']);
});

test('two runs cannot use one folder at once', async () => {
  const file = await writeCsv(folder, rows);
  let second: Promise<unknown> | undefined;
  await runFleet(file, {
    ...options,
    engine: 'token',
    onOpen: () => {
      second = runFleet(file, { ...options, engine: 'token' });
      second.catch(() => undefined);
    },
    onReports: async () => expect(second).rejects.toMatchObject({ code: 'FOLDER_IN_USE' }),
  });
  expect.assertions(1);
});

test('the example of docs/library.md runs', async () => {
  const page = await readFile(new URL('docs/library.md', root), 'utf8');
  const example = /^```js\n(.*?)^```$/ms.exec(page)?.[1] ?? '';
  await mkdir(join(folder, 'node_modules'));
  await symlink(root.pathname, join(folder, 'node_modules/biotz-postman'));
  await writeFile(join(folder, 'example.mjs'), example);
  await writeCsv(folder, wrong);
  const env = { TOKEN_URL: platform.tokenUrl };
  expect(await node([join(folder, 'example.mjs')], { cwd: folder, env })).toEqual({
    status: 0,
    stdout: `6 attempted, 1 failed, reports: ${join('biotz-report', 'report.junit.xml')}\n1 invalid-user-credentials\nfile-not-readable\n`,
    stderr: '',
  });
});
