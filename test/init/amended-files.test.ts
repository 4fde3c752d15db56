import { describe, expect, test } from '@jest/globals';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inTemporaryFolder } from '../cli/program.js';
import { withSchema } from '../../src/init/config-file.js';
import { encryptedFile } from '../../src/init/encrypted-file.js';
import { withIgnoredLines } from '../../src/init/ignored-lines.js';
import { git } from './repository.js';

const devices = encryptedFile('devices.csv.age');

describe('.gitignore', () => {
  test.each([
    ['nothing', undefined],
    ['an empty file', ''],
    ['a file', 'node_modules\n'],
    ['a file without a last line end', 'node_modules'],
    ['a file of Windows', 'node_modules\r\n*.log\r\n'],
  ])('gets the lines after %s, and stays as it is the second time', async (_, present) => {
    const once = await withIgnoredLines(present, devices);
    expect(once.startsWith(present ?? '')).toBe(true);
    expect(once.split('# >>> biotz-postman')).toHaveLength(2);
    expect(await withIgnoredLines(once, devices)).toBe(once);
    if (present?.includes('\r\n') === true) expect(once.replaceAll('\r\n', '')).not.toContain('\n');
    else expect(once).not.toContain('\r');
  });

  test('keeps what a person wrote before and after the lines, when these change', async () => {
    const own = `mine\n\n${await withIgnoredLines(undefined, devices)}theirs\n`;
    const changed = await withIgnoredLines(own, encryptedFile('fleet/all.xlsx.age'));
    expect(changed).toMatch(/^mine\n\n# >>> [^]*\nfleet\/all\.csv\n[^]*# <<< biotz-postman\ntheirs\n$/);
    expect(changed).not.toContain('devices.csv');
  });

  test.each(['devices.csv.age', "the fleet/it's #1 & co.csv.age", '#1.csv.age'])(
    'lets git take %s, and nothing that it was made of',
    (path) =>
      inTemporaryFolder(async (folder) => {
        await git(folder, 'init', '--quiet');
        const file = encryptedFile(path);
        await writeFile(join(folder, '.gitignore'), await withIgnoredLines('*.age\n', file));
        const clear = ['csv', 'tsv', 'xlsx'].map((ending) => `${file.stem}.${ending}`);
        const outputs = [
          'generated/private/devices.data.json',
          'biotz-report/journal.ndjson',
          'biotz-shards/1/x',
        ];
        const secret = [...clear, 'biotz.identity.txt', ...outputs];
        const shared = [path, 'generated/biotz.postman_collection.json', 'biotz-postman.config.json'];
        const listed = await git(folder, 'check-ignore', '--no-index', ...secret, ...shared);
        expect(listed.trimEnd().split('\n')).toEqual(secret);
      }),
  );
});

describe('a config file', () => {
  const schema = './node_modules/biotz-postman/config.schema.json';

  test.each([
    ['{}', { $schema: schema }],
    ['{ "quiet": true }\n', { $schema: schema, quiet: true }],
    ['{\n  "quiet": true,\n  "rate": "50/s"\n}\n', { $schema: schema, quiet: true, rate: '50/s' }],
    ['{\r\n  "quiet": true\r\n}\r\n', { $schema: schema, quiet: true }],
  ])('that is %j gets its schema, and keeps the rest', (present, config) => {
    const text = withSchema(present);
    expect(JSON.parse(text)).toEqual(config);
    expect(withSchema(text)).toBe(text);
    const [, rest = ''] = present.split('{');
    if (rest.includes('"')) expect(text.endsWith(rest)).toBe(true);
  });

  test.each(['{ "$schema": "https://example.org/own.json" }', '[1]', '{ broken', '\ufeff{}'])(
    'that is %j stays as it is',
    (present) => expect(withSchema(present)).toBe(present),
  );

  test('is made where there is none', () =>
    expect(JSON.parse(withSchema(undefined))).toEqual({ $schema: schema }));
});
