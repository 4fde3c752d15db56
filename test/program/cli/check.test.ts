import { describe, expect, test } from '@jest/globals';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { csvOf, writeCsv } from './fleet.js';
import { inTemporaryFolder } from '../../support/folder.js';
import { program } from '../../support/program.js';

describe('a good file', () => {
  test('is counted, on standard output alone', () =>
    inTemporaryFolder(async (folder) => {
      const file = await writeCsv(folder, [{}, { created: 'No', username: '', password: '' }, {}]);
      expect(await program(['check', file])).toEqual({
        status: 0,
        stdout: `${file}: 3 read, 2 created, 1 not created (skipped), 0 invalid; 0 errors, 0 warnings\n`,
        stderr: '',
      });
    }));

  test('can come from standard input', async () => {
    const { status, stdout } = await program(['check', '-'], { input: csvOf([{}]) });
    expect(status).toBe(0);
    expect(stdout).toContain('<stdin>: 1 read');
  });
});

describe('a bad file', () => {
  const bad = csvOf([{ password: '' }, { created: 'maybe' }, { id: 'twice' }, { id: 'twice' }]);

  test('gets all its errors at once, each with its place and code', () =>
    inTemporaryFolder(async (folder) => {
      const file = join(folder, 'bad.csv');
      await writeFile(file, bad);
      const { status, stderr } = await program(['check', file]);
      expect(status).toBe(2);
      expect(stderr).toMatch(/bad\.csv:2:7: error: .*\[value-missing\]/);
      expect(stderr).toMatch(/bad\.csv:3:1: error: .*\[created-invalid\]/);
      expect(stderr).toMatch(/bad\.csv:5:\d: error: .*\[device-duplicated\]/);
      expect(stderr).not.toContain('canary');
    }));

  test('is told to machines as JSON', async () => {
    const { status, stdout, stderr } = await program(['check', '-', '--format', 'json'], { input: bad });
    expect({ status, stderr }).toEqual({ status: 2, stderr: '' });
    const report = JSON.parse(stdout) as { diagnostics: object[] };
    expect(report).toMatchObject({
      version: 1,
      file: '<stdin>',
      ok: false,
      counts: { read: 4 },
      diagnosticsLeftOut: 0,
    });
    expect(report.diagnostics).toContainEqual(
      expect.objectContaining({ code: 'value-missing', severity: 'error', line: 2, column: 7 }),
    );
    expect(stdout).not.toContain('canary');
  });

  test('with one mistake a row gets a few examples and a count', async () => {
    const rows = Array.from({ length: 100 }, () => ({ password: '' }));
    const { stderr } = await program(['check', '-'], { input: csvOf(rows) });
    expect(stderr.match(/\[value-missing\]/g)).toHaveLength(21);
    expect(stderr).toContain('80 more of [value-missing]');
  });
});

test.each([
  ['an empty file', '', 'file-empty'],
  ['a header alone', csvOf([]), 'no-devices'],
  ['devices none of which was created', csvOf([{ created: 'No' }]), 'no-devices'],
  ['a binary file', Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 0, 0, 1]), 'file-binary'],
])('%s is an error', async (_what, input, code) => {
  const { status, stderr } = await program(['check', '-'], { input });
  expect(status).toBe(2);
  expect(stderr).toContain(`[${code}]`);
});

test('a folder is no credentials file', () =>
  inTemporaryFolder(async (folder) => {
    await mkdir(join(folder, 'devices.csv'));
    const { status, stderr } = await program(['check', join(folder, 'devices.csv')]);
    expect(status).toBe(2);
    expect(stderr).toContain('[file-not-readable]');
  }));
