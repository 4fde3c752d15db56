import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';

const sources = fileURLToPath(new URL('../../../src/', import.meta.url));

/** The folders between a credentials file and Newman. */
const lane = ['device', 'fleet', 'newman', 'postman', 'runs'];

/** Uses of a revealed password: the one writer of Newman's fields, and the redactor. The last opens an age identity. */
const allowed = [/^postman\/iteration-row\.ts: /, /redactName\(/, /trackSecrets\(/, /parseIdentities\(/];

test('between a credentials file and Newman, only the field writer and the redactor open a password', async () => {
  const revealing: string[] = [];
  for (const folder of lane) {
    for (const file of await readdir(join(sources, folder), { recursive: true })) {
      if (!file.endsWith('.ts')) continue;
      const text = await readFile(join(sources, folder, file), 'utf8');
      const lines = text.split('\n').filter((line) => line.includes('.reveal()'));
      revealing.push(...lines.map((line) => `${folder}/${file}: ${line.trim()}`));
    }
  }
  expect(revealing.some((line) => line.startsWith('postman/iteration-row.ts: '))).toBe(true);
  expect(revealing.filter((line) => !allowed.some((use) => use.test(line)))).toEqual([]);
});
