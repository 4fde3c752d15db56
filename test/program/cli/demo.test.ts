import { expect, test } from '@jest/globals';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { filesBelow, inTemporaryFolder } from '../../support/folder.js';
import { program } from '../../support/program.js';

test('the demo logs in and publishes for every device, and ends with status 0', async () => {
  const { status, stdout } = await program(['demo', '--devices', '3']);
  expect(stdout).toContain('3 read, 0 skipped, 3 attempted, 3 passed, 0 failed, 0 not attempted');
  expect(status).toBe(0);
});

test('with wrong passwords it shows how failures look, and ends with status 1', async () => {
  const { status, stdout } = await program(['demo', '--devices', '5', '--fail', '2']);
  expect(stdout).toContain('2 devices');
  expect(stdout).toContain('[invalid-user-credentials]');
  expect(stdout).toContain('3 passed, 2 failed');
  expect(status).toBe(1);
});

test('with --keep everything is left to look at', () =>
  inTemporaryFolder(async (folder) => {
    const keep = join(folder, 'kept');
    expect((await program(['demo', '--devices', '2', '--keep', keep])).status).toBe(0);
    expect(Object.keys(await filesBelow(keep))).toEqual([
      'biotz-report/journal.ndjson',
      'devices.csv',
      'generated/biotz.postman_collection.json',
      'generated/biotz.shared.postman_environment.json',
      'generated/private/.gitignore',
      'generated/private/devices.data.json',
      'generated/private/manifest.json',
      'generated/private/sensor-0001.postman_environment.json',
    ]);
  }));

test('it shows the remedy where the server does not read form-data', async () => {
  const args = ['demo', '--devices', '2', '--behaviour', 'keycloak-26'];
  expect((await program(args)).stdout).toContain('[form-data-not-read]');
  expect((await program([...args, '--client-auth', 'basic'])).status).toBe(0);
});

test('it never replaces a credentials file', () =>
  inTemporaryFolder(async (folder) => {
    await writeFile(join(folder, 'devices.csv'), 'real');
    const { status, stderr } = await program(['demo', '--devices', '1', '--keep', folder]);
    expect(status).toBe(2);
    expect(stderr).toContain('devices.csv');
    expect(await readFile(join(folder, 'devices.csv'), 'utf8')).toBe('real');
  }));
