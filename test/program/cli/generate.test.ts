import { describe, expect, test } from '@jest/globals';
import { chmod, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { complete, csvOf, writeCsv } from './fleet.js';
import { filesBelow, inTemporaryFolder } from '../../support/folder.js';
import { program } from '../../support/program.js';

const repository = fileURLToPath(new URL('../../..', import.meta.url));
const rows = [{ name: 'pump' }, { name: 'Pump' }, { name: '../../etc/passwd' }, { name: 'CON' }];

test('generated/ is what generate writes for the guide’s sample device', () =>
  inTemporaryFolder(async (folder) => {
    const guide = join(repository, 'test/fixtures/guide.csv');
    expect((await program(['generate', guide, '--out', folder])).status).toBe(0);
    for (const file of ['biotz.postman_collection.json', 'biotz.shared.postman_environment.json']) {
      const committed = await readFile(join(repository, 'generated', file), 'utf8');
      expect(await readFile(join(folder, file), 'utf8')).toBe(committed);
    }
  }));

describe('the files', () => {
  test('are the same for the same input, and nothing secret is outside private/', () =>
    inTemporaryFolder(async (folder) => {
      const file = await writeCsv(folder, rows);
      for (const out of ['a', 'b'])
        expect((await program(['generate', file, '--out', join(folder, out)])).status).toBe(0);
      const first = await filesBelow(join(folder, 'a'));
      expect(await filesBelow(join(folder, 'b'))).toEqual(first);
      expect(Object.keys(first)).toEqual([
        'biotz.postman_collection.json',
        'biotz.shared.postman_environment.json',
        'private/.gitignore',
        'private/devices.data.json',
        'private/manifest.json',
        'private/pump.postman_environment.json',
      ]);
      const shared = Object.entries(first).filter(([name]) => !name.startsWith('private/'));
      expect(shared.map(([, text]) => text).join('')).not.toContain('canary');
      expect(JSON.parse(first['private/devices.data.json'] ?? '')).toEqual(
        rows.map((row, index) => {
          const { id, name, username, password } = complete(row, index);
          return { username, password, device_id: id, device_name: name };
        }),
      );
    }));

  test('have the modes that keep others out, whatever the umask', () =>
    inTemporaryFolder(async (folder) => {
      const file = await writeCsv(folder, rows);
      const out = join(folder, 'out');
      await program(['generate', file, '--out', out]);
      const mode = async (path: string) => ((await stat(join(out, path))).mode & 0o777).toString(8);
      expect(await mode('private')).toBe('700');
      expect(await mode('private/devices.data.json')).toBe('600');
      expect(await mode('private/pump.postman_environment.json')).toBe('600');
      expect(await mode('biotz.postman_collection.json')).toBe('644');
    }));

  test('of all devices stay in the folder and apart from each other', () =>
    inTemporaryFolder(async (folder) => {
      const file = await writeCsv(folder, rows);
      expect((await program(['generate', file, '--all', '--out', join(folder, 'out')])).status).toBe(0);
      const names = await readdir(join(folder, 'out/private'));
      const environments = names.filter((name) => name.endsWith('.postman_environment.json'));
      expect(environments).toHaveLength(rows.length);
      expect(new Set(environments.map((name) => name.toLowerCase())).size).toBe(rows.length);
      expect(environments.filter((name) => /^con\./i.test(name))).toEqual([]);
      expect((await readdir(folder)).toSorted()).toEqual(['devices.csv', 'out']);
    }));

  test('hold the chosen profile', () =>
    inTemporaryFolder(async (folder) => {
      const file = await writeCsv(folder, rows);
      const profile = [
        '--token-url',
        'https://id.example/token',
        '--client-id',
        'c',
        '--scope',
        'openid profile',
      ];
      const switches = [
        '--body',
        'urlencoded',
        '--client-auth',
        'basic',
        '--ingestion-url',
        'https://in.example/',
      ];
      await program([
        'generate',
        file,
        '--out',
        join(folder, 'o'),
        ...profile,
        ...switches,
        '--message-type',
        'temp',
      ]);
      const text = await readFile(join(folder, 'o/biotz.shared.postman_environment.json'), 'utf8');
      const { values } = JSON.parse(text) as { values: { key: string; value: string; type: string }[] };
      expect(Object.fromEntries(values.map(({ key, value }) => [key, value]))).toMatchObject({
        token_url: 'https://id.example/token',
        client_id: 'c',
        scope: 'openid profile',
        body_mode: 'urlencoded',
        client_auth: 'basic',
        ingestion_url: 'https://in.example',
        message_type: 'temp',
        password: '',
        id_token: '',
      });
      expect(values.find(({ key }) => key === 'password')?.type).toBe('secret');
    }));
});

describe('a device can be chosen', () => {
  test('by name or id', () =>
    inTemporaryFolder(async (folder) => {
      const file = await writeCsv(folder, rows);
      const { id } = complete({}, 2);
      const chosen = ['--device', 'Pump', '--device', id];
      expect((await program(['generate', file, ...chosen, '--out', join(folder, 'o')])).status).toBe(0);
      const names = await readdir(join(folder, 'o/private'));
      expect(names.filter((name) => name.endsWith('environment.json'))).toHaveLength(2);
    }));

  test.each([
    ['no device', 'Plump', 'no created device'],
    ['several devices', 'pump', 'several devices'],
  ])('but not by a name that %s has', (_what, name, says) =>
    inTemporaryFolder(async (folder) => {
      const file = await writeCsv(folder, [{ name: 'pump' }, { name: 'pump' }]);
      const { status, stderr } = await program([
        'generate',
        file,
        '--device',
        name,
        '--out',
        join(folder, 'o'),
      ]);
      expect(status).toBe(2);
      expect(stderr).toContain(says);
      expect(await readdir(folder)).toEqual(['devices.csv']);
    }),
  );
});

describe('an existing file', () => {
  test('is replaced if generate wrote it, and kept if it was changed since', () =>
    inTemporaryFolder(async (folder) => {
      const out = join(folder, 'o');
      const collection = join(out, 'biotz.postman_collection.json');
      const data = join(out, 'private/devices.data.json');
      await program(['generate', await writeCsv(folder, [{}]), '--out', out]);
      expect((await program(['generate', await writeCsv(folder, [{}, {}]), '--out', out])).status).toBe(0);
      expect(JSON.parse(await readFile(data, 'utf8'))).toHaveLength(2);

      await writeFile(collection, 'mine');
      const before = await readFile(data, 'utf8');
      const file = await writeCsv(folder, [{}, {}, {}]);
      const refused = await program(['generate', file, '--out', out]);
      expect(refused.status).toBe(2);
      expect(refused.stderr).toContain('biotz.postman_collection.json');
      expect(refused.stderr).toContain('--force');
      expect(await readFile(collection, 'utf8')).toBe('mine');
      expect(await readFile(data, 'utf8')).toBe(before);

      expect((await program(['generate', file, '--out', out, '--force'])).status).toBe(0);
      expect(await readFile(collection, 'utf8')).not.toBe('mine');
    }));

  test('is untouched when the input is wrong', () =>
    inTemporaryFolder(async (folder) => {
      const out = join(folder, 'o');
      await program(['generate', await writeCsv(folder, [{}]), '--out', out]);
      const before = await filesBelow(out);
      const { status } = await program([
        'generate',
        await writeCsv(folder, [{}, {}, { password: '' }]),
        '--out',
        out,
      ]);
      expect(status).toBe(2);
      expect(await filesBelow(out)).toEqual(before);
    }));

  test('is not written through a symbolic link', () =>
    inTemporaryFolder(async (folder) => {
      const elsewhere = join(folder, 'elsewhere');
      const out = join(folder, 'o');
      await mkdir(elsewhere);
      await chmod(elsewhere, 0o755);
      await mkdir(out);
      await symlink(elsewhere, join(out, 'private'));
      const { status } = await program(['generate', await writeCsv(folder, [{}]), '--out', out]);
      expect(status).not.toBe(0);
      expect(await readdir(elsewhere)).toEqual([]);
    }));
});

test('a folder that cannot be written ends with status 3', () =>
  inTemporaryFolder(async (folder) => {
    const file = await writeCsv(folder, [{}]);
    const { status, stderr } = await program(['generate', file, '--out', join(file, 'below-a-file')]);
    expect(status).toBe(3);
    expect(stderr).toContain('ENOTDIR');
  }));

test('standard input can be the credentials file', () =>
  inTemporaryFolder(async (folder) => {
    const { status } = await program(['generate', '-', '--out', join(folder, 'o')], { input: csvOf([{}]) });
    expect(status).toBe(0);
  }));
