import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test } from '@jest/globals';
import type { Device } from '../../../src/device/device.js';
import { biotzProfile } from '../../../src/platform/profile.js';
import { stageFiles, type GenerateOptions } from '../../../src/postman/generate.js';
import { golden } from './golden.js';
import { device } from './fixture.js';
import { temporaryFolder } from '../../support/folder.js';

let folder: string;

beforeEach(async () => {
  folder = await temporaryFolder();
});

async function* batches(...given: readonly (readonly Device[])[]) {
  yield* given;
}

const stage = (devices: AsyncIterable<readonly Device[]>, options: Partial<GenerateOptions> = {}) =>
  stageFiles(devices, { out: folder, source: 'fleet.csv', profile: biotzProfile, ...options });

const text = (path: string) => readFile(join(folder, path), 'utf8');
const privateFiles = async () => (await readdir(join(folder, 'private'))).toSorted();

test('writes every file of the design, and reports each one', async () => {
  const staged = await stage(batches([device(1), device(2)], [device(3)]));
  expect(staged.deviceCount).toBe(3);
  const files = await staged.commit();
  expect(files.map(({ path, mode, status }) => [path, mode.toString(8), status])).toEqual([
    ['biotz.postman_collection.json', '644', 'written'],
    ['biotz.shared.postman_environment.json', '644', 'written'],
    ['private/devices.data.json', '600', 'written'],
    ['private/Device-1.postman_environment.json', '600', 'written'],
  ]);
  expect(await text('private/.gitignore')).toBe('*\n');
  for (const { path, bytes } of files) expect(Buffer.byteLength(await text(path))).toBe(bytes);
});

test('only files below private/ hold a credential', async () => {
  const staged = await stage(batches([device(1)]), { select: 'all' });
  const files = await staged.commit();
  const shared = files.map(({ path }) => path).filter((path) => !path.startsWith('private/'));
  expect(shared).toHaveLength(2);
  for (const path of shared) expect(await text(path)).not.toMatch(/ssword-1|00000001/);
});

test('the same input gives the same bytes', async () => {
  await (await stage(batches([device(1), device(2)]))).commit();
  const files = await (await stage(batches([device(1)], [device(2)]))).commit();
  expect(files.every(({ status }) => status === 'unchanged')).toBe(true);
});

test('iteration data has one device per line, and every value stays the same string', async () => {
  const odd = device(2, { name: '00123', secret: ' 1e5 "\\\u2028{{x}}é😀\n' });
  await (await stage(batches([device(1)], [], [odd]))).commit();
  const data = await text('private/devices.data.json');
  expect(data).toBe(await golden('devices.data.json', data));
  expect(JSON.parse(data)).toEqual([
    {
      username: device(1).username,
      password: 'Pässword-1',
      device_id: device(1).deviceId,
      device_name: 'Device 1',
    },
    {
      username: odd.username,
      password: odd.password.reveal(),
      device_id: odd.deviceId,
      device_name: '00123',
    },
  ]);
});

test('large fleets are written in pieces without losing a row', async () => {
  const fleet = Array.from({ length: 10_000 }, (_, number) => device(number));
  async function* slices() {
    for (let start = 0; start < fleet.length; start += 700) yield fleet.slice(start, start + 700);
  }
  await (await stage(slices())).commit();
  const rows: unknown = JSON.parse(await text('private/devices.data.json'));
  expect(rows).toHaveLength(fleet.length);
});

test('devices are chosen by name or id, each once, and keep their file names regardless of other chosen devices', async () => {
  const fleet = [device(1, { name: 'Boiler' }), device(2, { name: 'boiler' }), device(3, { name: 'Pump' })];
  const second = device(2).deviceId;
  await (await stage(batches(fleet), { select: [second, 'boiler', 'Pump'] })).commit();
  const chosen = await privateFiles();
  expect(chosen).toEqual([
    '.gitignore',
    'Pump.postman_environment.json',
    expect.stringMatching(/^boiler-[0-9a-f]{8}\.postman_environment\.json$/),
    'devices.data.json',
    'manifest.json',
  ]);
  await (await stage(batches(fleet), { select: 'all' })).commit();
  expect(await privateFiles()).toEqual([...chosen, 'Boiler.postman_environment.json'].toSorted());
});

test('a device id takes precedence over another device with that name', async () => {
  const fleet = [device(1, { name: device(2).deviceId }), device(2, { name: 'Pump' })];
  await (await stage(batches(fleet), { select: [device(2).deviceId] })).commit();
  expect(await privateFiles()).toContain('Pump.postman_environment.json');
});

test.each([
  [
    ['Nobody', 'Device 1', 'Noone'],
    { code: 'DEVICE_NOT_FOUND', args: { file: 'fleet.csv', device: 'Nobody", "Noone', positions: [1, 3] } },
  ],
  [['Twin'], { code: 'DEVICE_AMBIGUOUS', args: { device: 'Twin', lines: [3, 4] } }],
])('choosing %j is refused and leaves nothing behind', async (select, error) => {
  const fleet = [device(1), device(2, { name: 'Twin' }), device(3, { name: 'Twin' })];
  await expect(stage(batches(fleet), { out: join(folder, 'new'), select })).rejects.toMatchObject(error);
  expect(await readdir(folder)).toEqual([]);
});

async function* broken() {
  yield [device(7)];
  throw new Error('line 3');
}

test('input that fails half way leaves only the old files', async () => {
  await (await stage(batches([device(1)]))).commit();
  const before = await text('private/devices.data.json');
  await expect(stage(broken())).rejects.toThrow('line 3');
  const staged = await stage(batches([device(8)]));
  await staged.discard();
  expect(await text('private/devices.data.json')).toBe(before);
  expect(await readdir(folder)).toHaveLength(3);
  expect(await privateFiles()).toHaveLength(4);
});

test('a file that a person changed is replaced only with force', async () => {
  await (await stage(batches([device(1)]))).commit();
  await writeFile(join(folder, 'biotz.postman_collection.json'), 'mine');
  const staged = await stage(batches([device(1)]));
  await expect(staged.commit()).rejects.toMatchObject({ code: 'OUTPUT_CHANGED' });
  expect(await text('biotz.postman_collection.json')).toBe('mine');
  expect(await readdir(folder)).toHaveLength(3);
  await (await stage(batches([device(1)]))).commit({ force: true });
  expect(await text('biotz.postman_collection.json')).toMatch(/^\{\n {2}"info"/);
});
