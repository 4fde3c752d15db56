import { deviceError } from '../../../src/device/errors.js';
import { execFileSync } from 'node:child_process';
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { openCredentials } from '../../../src/device/source/open-credentials.js';
import { MAX_HELD_BYTES } from '../../../src/device/source/credentials-file.js';
import { readDevices, streamDevices, validateDevices } from '../../../src/device/read-devices.js';
import { type BiotzPostmanError, isBiotzPostmanError } from '../../../src/errors/biotz-postman-error.js';
import { temporaryFolder } from '../../support/folder.js';

const content = 'Created,Device ID,HTTP Username,Password\nYes,d1,d1@h,p1\nYes,d2,d2@h,p2\nNo,d3,,\n';
const onDiagnostic = () => {};
let folder: string;

beforeAll(async () => {
  folder = await temporaryFolder();
});

async function write(name: string, text = content): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

async function thrownBy(action: () => Promise<unknown>): Promise<BiotzPostmanError> {
  try {
    await action();
  } catch (error) {
    if (isBiotzPostmanError(error)) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

async function* stream(...parts: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield Buffer.from(part);
}

test('validates and then reads the same file, with the same counts', async () => {
  const file = await openCredentials(await write('twice.csv'));
  const validated = await validateDevices(file, { onDiagnostic });
  const pass = streamDevices(file, { onDiagnostic });
  const ids: string[] = [];
  let step = await pass.next();
  for (; step.done !== true; step = await pass.next())
    ids.push(...step.value.map(({ deviceId }) => deviceId));
  await file.close();
  expect(ids).toEqual(['d1', 'd2']);
  expect(step.value).toEqual(validated);
  expect(validated).toEqual({ read: 3, skipped: 1, created: 2, invalid: 0, errors: 0, warnings: 0 });
});

test('a file that changes between two passes is refused', async () => {
  const path = await write('changed.csv');
  const file = await openCredentials(path);
  await validateDevices(file, { onDiagnostic });
  await appendFile(path, 'Yes,d4,d4@h,p4\n');
  const error = await thrownBy(() => validateDevices(file, { onDiagnostic }));
  await file.close();
  expect([error.code, error.args]).toEqual(['CREDENTIALS_CHANGED', { file: path }]);
});

test('no device is read from a file after it was changed during a pass', async () => {
  const rows = Array.from({ length: 20_000 }, (_, i) => `Yes,d${i},d${i}@h,p\n`).join('');
  const path = await write('changing.csv', content.slice(0, 41) + rows);
  const file = await openCredentials(path);
  const pass = streamDevices(file, { onDiagnostic });
  expect((await pass.next()).done).toBe(false);
  await write('changing.csv', `${content.slice(0, 41)}${rows.replaceAll(',p', ',another')}`);
  const error = await thrownBy(() => pass.next());
  await file.close();
  expect(error.code).toBe('CREDENTIALS_CHANGED');
});

test('a stream can be read twice', async () => {
  const file = await openCredentials({
    stream: stream(content.slice(0, 50), content.slice(50)),
    name: '<stdin>',
  });
  expect(await validateDevices(file, { onDiagnostic })).toEqual(
    await validateDevices(file, { onDiagnostic }),
  );
  expect(file.name).toBe('<stdin>');
});

test('a named pipe can be read twice', async () => {
  const path = join(folder, 'pipe');
  execFileSync('/usr/bin/env', ['mkfifo', path]);
  const [file] = await Promise.all([openCredentials(path), writeFile(path, content)]);
  const first = await validateDevices(file, { onDiagnostic });
  expect(first.created).toBe(2);
  expect(await validateDevices(file, { onDiagnostic })).toEqual(first);
  await file.close();
});

test.each([
  ['a file that does not exist', 'missing.csv', 'ENOENT'],
  ['a folder', '.', 'EISDIR'],
  ['a path through a file', 'twice.csv/x', 'ENOTDIR'],
])('%s is a diagnostic', async (_, name, reason) => {
  await write('twice.csv');
  const path = join(folder, name);
  const error = await thrownBy(() => openCredentials(path));
  expect(error.args).toEqual({
    diagnostics: [{ code: 'file-not-readable', severity: 'error', file: path, args: { reason } }],
  });
});

test('a stream larger than what is held in memory is refused as soon as it is', async () => {
  let given = 0;
  async function* endless(): AsyncGenerator<Uint8Array> {
    for (const part = Buffer.alloc(2 ** 20, 'x'); ; given += part.length) yield part;
  }
  const error = await thrownBy(() => openCredentials({ stream: endless(), name: '<stdin>' }));
  expect(error.args).toMatchObject({
    diagnostics: [{ code: 'file-too-large', args: { limit: MAX_HELD_BYTES } }],
  });
  expect(given).toBe(MAX_HELD_BYTES);
});

test('readDevices gives the devices, the counts and the warnings', async () => {
  const { devices, counts, diagnostics } = await readDevices('test/fixtures/guide.csv');
  expect(devices.map(({ name, line, otherColumns }) => ({ name, line, otherColumns }))).toEqual([
    {
      name: 'test_postman',
      line: 2,
      otherColumns: {
        'Customer ID': '805c2316-81c9-4cdd-aca5-c09eb2a79f35',
        'MQTT Username': '7fc1bc71-b90f-49e2-8758-54cf1bfb3dc9',
        'Organization ID': 'dc4b52f7-3035-49c2-914d-946149912810',
      },
    },
  ]);
  expect(counts).toMatchObject({ read: 1, created: 1, warnings: 1 });
  expect(diagnostics.map(({ code }) => code)).toEqual(['password-placeholder']);
});

test('readDevices throws all diagnostics when one is an error, but keeps no more than 1,000 of a kind', async () => {
  const rows = Array.from({ length: 1500 }, (_, i) => `Yes,d${i},,{{p}}\n`).join('');
  const path = await write('bad.csv', `Created,Device ID,HTTP Username,Password\n${rows}`);
  let told = 0;
  const error = await thrownBy(() => readDevices(path, { onDiagnostic: () => told++ }));
  expect(deviceError.is(error, 'CREDENTIALS_INVALID') && error.args.diagnostics).toHaveLength(2000);
  expect(told).toBe(3000);
});

test('reading leaves the file as it was', async () => {
  const path = await write('same.csv');
  await readDevices(path);
  expect(await readFile(path, 'utf8')).toBe(content);
});
