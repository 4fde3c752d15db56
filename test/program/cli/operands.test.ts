import { expect, test } from '@jest/globals';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withOperands } from '../../../src/cli/options/raw-arguments.js';
import { csvOf } from './fleet.js';
import { inTemporaryFolder } from '../../support/folder.js';
import { program } from '../../support/program.js';

test.each([
  [
    ['check', 'a.csv'],
    ['check', 'a.csv'],
  ],
  [
    ['check', '--', 'a.csv'],
    ['check', 'a.csv'],
  ],
  [
    ['check', '--', '-a.csv'],
    ['check', './-a.csv'],
  ],
  [
    ['share', '--', 'check'],
    ['share', './check'],
  ],
  [
    ['share', 'check', '--', '--staged', '/-b', '--'],
    ['share', 'check', './--staged', '/-b', './--'],
  ],
  [
    ['check', '--', '-'],
    ['check', '-'],
  ],
])('%j is read as %j', (args, read) => {
  expect(withOperands(args, new Set(['share', 'check']))).toEqual(read);
});

test('files behind -- are taken as files, and not left out', () =>
  inTemporaryFolder(async (folder) => {
    await writeFile(join(folder, '--quiet.csv'), csvOf([{}]));
    await writeFile(join(folder, 'check'), csvOf([{}]));
    const run = (...args: readonly string[]) => program(args, { cwd: folder });
    expect(await run('check', '--', '--quiet.csv')).toMatchObject({ status: 0 });
    const { status, stdout } = await run('share', 'check', '--', 'check', '--quiet.csv');
    expect(status).toBe(1);
    expect(stdout).toContain('./check:2:');
    expect(stdout).toContain('./--quiet.csv:2:');
    expect(await run('push', '--workspace', 'w', '--', 'nowhere')).toMatchObject({ status: 2 });
    expect(await run('check', '--', 'check', 'check')).toMatchObject({ status: 2 });
  }));
