import { beforeAll, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { copyFile, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { node } from '../../support/program.js';
import { execute, pack, root } from './pack.js';
import { temporaryFolder } from '../../support/folder.js';

// What npm 11 and 12 make of the package: extracted, and its dependencies installed from the lock file by
// npm itself, offline (from the cache that `npm ci` filled). The tarball that is published carries the same
// tree in it (.ci/pack.mjs).
let folder: string;
let installed: string;
let bin: string;
beforeAll(async () => {
  folder = await temporaryFolder();
  installed = join(folder, 'package');
  bin = join(installed, 'bin/biotz-postman.js');
  const { tarball } = await pack(folder);
  await execute('tar', ['-xzf', tarball], folder);
  await copyFile(join(root, 'package-lock.json'), join(installed, 'package-lock.json'));
  await execute('npm', ['ci', '--offline', '--omit=dev', '--ignore-scripts', '--no-audit'], installed);
}, 180_000);
test('the program tells its version and runs the demo', async () => {
  const { version } = JSON.parse(await readFile(join(installed, 'package.json'), 'utf8')) as {
    version: string;
  };
  expect(await node([bin, '--version'])).toEqual({ status: 0, stdout: `${version}\n`, stderr: '' });
  const { status, stdout } = await node([bin, 'demo', '--devices', '2']);
  expect(stdout).toContain('2 passed, 0 failed');
  expect(status).toBe(0);
});

test('a TypeScript program compiles against it without skipLibCheck, and reads, creates and runs', async () => {
  const consumer = join(folder, 'consumer');
  await mkdir(join(consumer, 'node_modules/@types'), { recursive: true });
  await symlink(installed, join(consumer, 'node_modules/biotz-postman'));
  // The only types that ours need (docs/dependencies.md).
  await symlink(join(root, 'node_modules/@types/node'), join(consumer, 'node_modules/@types/node'));
  await copyFile(join(root, 'test/program/package/consumer.ts'), join(consumer, 'consumer.ts'));
  await writeFile(join(consumer, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  const compilerOptions = {
    target: 'es2023',
    module: 'nodenext',
    types: ['node'],
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
  };
  await writeFile(join(consumer, 'tsconfig.json'), JSON.stringify({ compilerOptions }));
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  expect(await node([tsc, '-p', consumer])).toMatchObject({ stdout: '', status: 0 });

  const credentials = join(folder, 'devices.csv');
  const platform = await serve(['--devices', '3', '--out', credentials]);
  try {
    const used = [join(consumer, 'consumer.js'), credentials, platform.tokenUrl, platform.ingestionUrl];
    const { status, stdout, stderr } = await node(used);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({
      counts: { read: 3, skipped: 0 },
      requests: ['Get token', 'Publish data'],
      name: expect.stringContaining('Biotz: '),
      verdicts: [...Array.from({ length: 6 }, () => 'passed'), 'completed'],
      missing: 'file-not-readable',
    });
  } finally {
    await platform.stop();
  }
});

test("Newman's cli, json and junit reporters work with the lifted dependencies", async () => {
  const out = join(folder, 'generated');
  const credentials = join(folder, 'reported.csv');
  const platform = await serve(['--devices', '1', '--out', credentials]);
  try {
    const urls = ['--token-url', platform.tokenUrl, '--ingestion-url', platform.ingestionUrl];
    await node([bin, 'generate', credentials, '--out', out, ...urls, '--message-type', 'climate']);
    const [json, junit] = [join(folder, 'report.json'), join(folder, 'report.xml')];
    const newman = join(installed, 'node_modules/newman/bin/newman.js');
    const collection = join(out, 'biotz.postman_collection.json');
    const environment = ['-e', join(out, 'biotz.shared.postman_environment.json')];
    const data = ['-d', join(out, 'private/devices.data.json')];
    const reporters = [
      '-r',
      'cli,json,junit',
      '--reporter-json-export',
      json,
      '--reporter-junit-export',
      junit,
    ];
    const { status, stdout } = await node([newman, 'run', collection, ...environment, ...data, ...reporters]);
    expect(stdout).toMatch(/iterations │\s+1 │\s+0 /);
    expect(status).toBe(0);
    const { run } = JSON.parse(await readFile(json, 'utf8')) as { run: { failures: unknown[] } };
    expect(run.failures).toEqual([]);
    expect(await readFile(junit, 'utf8')).toMatch(/<testsuites .*tests="\d+"/);
  } finally {
    await platform.stop();
  }
});

test('every overridden dependency is installed in the lifted version, wherever it is', async () => {
  const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
    overrides: Record<string, string | Record<string, string>>;
  };
  const files = await readdir(join(installed, 'node_modules'), { recursive: true });
  const versionsOf = (path: string) =>
    Promise.all(
      files
        .filter((file) => `node_modules/${file}`.endsWith(`node_modules/${path}/package.json`))
        .map(async (file) => {
          const text = await readFile(join(installed, 'node_modules', file), 'utf8');
          return (JSON.parse(text) as { version: string }).version;
        }),
    );
  for (const [name, lifted] of Object.entries(manifest.overrides)) {
    // Only jest needs it.
    if (name === 'unrs-resolver') continue;
    const wanted =
      typeof lifted === 'string'
        ? [[name, lifted] as const]
        : Object.entries(lifted).map(
            ([inner, version]) => [`${name}/node_modules/${inner}`, version] as const,
          );
    for (const [path, version] of wanted) {
      expect({ path, versions: [...new Set(await versionsOf(path))] }).toEqual({ path, versions: [version] });
    }
  }
});

/** The installed program's embedded platform, on a free port. */
async function serve(args: readonly string[]) {
  const child: ChildProcess = spawn(process.execPath, [bin, 'serve', '--port', '0', ...args], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  let text = '';
  for await (const part of child.stdout ?? []) {
    text += String(part);
    const [, tokenUrl, ingestionUrl] = /--token-url (\S+)\s+--ingestion-url (\S+)\n/.exec(text) ?? [];
    if (tokenUrl === undefined || ingestionUrl === undefined) continue;
    return {
      tokenUrl,
      ingestionUrl,
      async stop() {
        child.kill('SIGTERM');
        await ended;
      },
    };
  }
  throw new Error(`serve ended early: ${text}`);
}
