import { expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { writeCsv } from './fleet.js';
import { inTemporaryFolder } from '../../support/folder.js';
import { program } from '../../support/program.js';

test('runs in one process share no variables, output or signals', () =>
  inTemporaryFolder(async (cwd) => {
    const file = await writeCsv(cwd, [{}]);
    const [json, stopped, text] = await Promise.all([
      program(['check', file], { cwd, env: { BIOTZ_FORMAT: 'json' } }),
      program(['check', file], { cwd, interruptAfter: Promise.resolve() }),
      program(['check', file], { cwd, env: { BIOTZ_FORMAT: '' } }),
    ]);
    expect(JSON.parse(json.stdout)).toMatchObject({ ok: true });
    expect(stopped.status).toBe(130);
    expect(text).toMatchObject({ status: 0, stderr: '' });
    expect(text.stdout).toContain('1 read, 1 created');
  }));

test('only io.ts and main.ts of the command line use the process', () => {
  const folder = new URL('../../../src/cli/', import.meta.url);
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  const code = (name: string) =>
    readFileSync(new URL(name, folder), 'utf8').replaceAll(/\/\*.*?\*\/|\/\/[^\n]*/gs, '');
  expect(files.filter((name) => /\bprocess\b(?!'s)/.test(code(name))).toSorted()).toEqual([
    'io.ts',
    'main.ts',
  ]);
});
