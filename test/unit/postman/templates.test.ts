import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test } from '@jest/globals';
import { loadTemplates } from '../../../src/postman/templates.js';
import { temporaryFolder } from '../../support/folder.js';

let folder: string;

beforeEach(async () => {
  folder = await temporaryFolder();
  await mkdir(join(folder, 'collection', 'get-token'), { recursive: true });
});

const put = (path: string, text: string | Uint8Array) => writeFile(join(folder, 'collection', path), text);

test('own files override the package templates one by one', async () => {
  await put('get-token/test.js', '\u{feff}"use sandbox2";\r\n// mine\r\n');
  await put('.DS_Store', '');
  const own = await loadTemplates(folder);
  expect(own).toEqual({ ...(await loadTemplates()), getTokenTest: '"use sandbox2";\n// mine' });
});

test('a copy of the package templates gives the same collection', async () => {
  await cp(new URL('../../../templates', import.meta.url), folder, { recursive: true });
  expect(await loadTemplates(`${folder}/`)).toEqual(await loadTemplates());
});

test('a file that is not a template is an error, because it would have no effect', async () => {
  await put('get-token/tests.js', '');
  await expect(loadTemplates(folder)).rejects.toMatchObject({
    code: 'TEMPLATE_INVALID',
    args: {
      file: join(folder, 'collection/get-token/tests.js'),
      problem: expect.stringContaining('get-token/test.js'),
    },
  });
});

test('a folder without collection/ is an error', async () => {
  await expect(loadTemplates(join(folder, 'collection'))).rejects.toMatchObject({
    code: 'TEMPLATE_INVALID',
    args: { problem: 'cannot be read (ENOENT)' },
  });
});

test('a template that is not Unicode text is an error', async () => {
  await put('description.md', new Uint8Array([0xff, 0xfe, 0x41]));
  await expect(loadTemplates(folder)).rejects.toMatchObject({
    args: { problem: 'is neither valid UTF-8 nor UTF-16 text' },
  });
});
