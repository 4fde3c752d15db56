import { beforeAll, expect, test } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { publint } from 'publint';
import { node } from '../../support/program.js';
import { pack } from './pack.js';
import type { Packed } from './pack.js';
import { temporaryFolder } from '../../support/folder.js';

let folder: string;
let packed: Packed;
beforeAll(async () => {
  folder = await temporaryFolder();
  packed = await pack(folder);
});
test('the package holds the program, its types, the templates and the documentation, and nothing else', () => {
  const outside = /^(bin|docs|templates)\/|^dist\/.*\.(js|d\.ts)$/;
  expect(packed.files.filter((file) => !outside.test(file)).toSorted()).toEqual([
    'CHANGELOG.md',
    'LICENSE',
    'README.md',
    'config.schema.json',
    'package.json',
  ]);
  for (const file of ['bin/biotz-postman.js', 'dist/index.js', 'dist/index.d.ts', 'dist/newman/worker.js'])
    expect(packed.files).toContain(file);
  expect(packed.files.some((file) => file.startsWith('templates/'))).toBe(true);
});

test('publint finds nothing', async () => {
  const { buffer } = new Uint8Array(await readFile(packed.tarball));
  const { messages } = await publint({ pack: { tarball: buffer }, strict: true });
  expect(messages).toEqual([]);
});

test('are-the-types-wrong finds nothing', async () => {
  const manifest = createRequire(import.meta.url).resolve('@arethetypeswrong/cli/package.json');
  const attw = join(dirname(manifest), 'dist/index.js');
  const options = ['--profile', 'esm-only', '--no-definitely-typed', '--format', 'ascii', '--no-emoji'];
  const { status, stdout } = await node([attw, packed.tarball, ...options]);
  expect(stdout).toMatch(/"biotz-postman"\s+node16 \(from ESM\): OK \(ESM\)\s+bundler: OK/);
  // It exits 1 for any problem that is not ignored; what is ignored is `require` before Node could load ESM so.
  expect(status).toBe(0);
});
