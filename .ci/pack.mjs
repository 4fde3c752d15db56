// Makes the tarball that is published, with the dependencies inside it exactly as they are locked and
// installed here: nothing else carries `overrides` to the people who install it. npm 12 reads no
// npm-shrinkwrap.json, and `npm install` does not end where package.json has both `overrides` and
// `bundleDependencies`; so they are bundled only in this copy (docs/dependencies.md).
//
// node .ci/pack.mjs [FOLDER]     prints the tarball's path; needs no network, only `npm ci` and a build
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const destination = resolve(process.argv[2] ?? '.');
const readJson = async (name) => JSON.parse(await readFile(join(root, name), 'utf8'));
const [manifest, lock] = await Promise.all([readJson('package.json'), readJson('package-lock.json')]);
const { devDependencies: _dev, overrides: _overrides, scripts: _scripts, ...published } = manifest;

const stage = await mkdtemp(join(tmpdir(), 'biotz-postman-pack-'));
try {
  await Promise.all(
    // Without the npm-shrinkwrap.json of a plain `npm pack`: here the dependencies come along themselves.
    [...manifest.files, 'README.md', 'LICENSE']
      .filter((name) => name !== 'npm-shrinkwrap.json')
      .map((name) => cp(join(root, name), join(stage, name), { recursive: true })),
  );
  for (const [path, { dev, version }] of Object.entries(lock.packages)) {
    if (path === '' || dev === true || !existsSync(join(root, path))) continue;
    const installed = (await readJson(join(path, 'package.json'))).version;
    if (installed !== version) throw new Error(`${path} is ${installed}, and ${version} is locked: npm ci`);
    // What is nested in it has its own entry in the lock file.
    const nested = join(root, path, 'node_modules');
    await cp(join(root, path), join(stage, path), { recursive: true, filter: (file) => file !== nested });
  }
  const bundleDependencies = Object.keys(manifest.dependencies);
  await writeFile(join(stage, 'package.json'), JSON.stringify({ ...published, bundleDependencies }, null, 2));
  const answer = execFileSync(
    'npm',
    ['pack', '--json', '--ignore-scripts', '--pack-destination', destination],
    {
      cwd: stage,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
      maxBuffer: 64 * 1024 * 1024,
      shell: process.platform === 'win32',
    },
  );
  // An array up to npm 11, an object by package name from npm 12 on.
  const [{ filename }] = Object.values(JSON.parse(answer));
  process.stdout.write(`${join(destination, basename(filename))}\n`);
} finally {
  await rm(stage, { recursive: true, force: true });
}
