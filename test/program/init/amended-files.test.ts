import { describe, expect, test } from '@jest/globals';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inTemporaryFolder } from '../../support/folder.js';
import { withIgnoredLines, withSchema } from '../../../src/init/amended-files.js';
import { encryptedFile } from '../../../src/init/encrypted-file.js';
import { git } from './repository.js';

const devices = encryptedFile('devices.csv.age');

describe('.gitignore', () => {
  test.each([
    ['nothing', undefined],
    ['an empty file', ''],
    ['a file', 'node_modules\n'],
    ['a file without a last line end', 'node_modules'],
    ['a file of Windows', 'node_modules\r\n*.log\r\n'],
  ])('gets the lines after %s, and does not change the second time', async (_, present) => {
    const once = await withIgnoredLines(present, devices);
    expect(once.startsWith(present ?? '')).toBe(true);
    expect(once.split('# >>> biotz-postman')).toHaveLength(2);
    expect(await withIgnoredLines(once, devices)).toBe(once);
    const ends = new Set(once.match(/\r?\n/g));
    expect([...ends]).toEqual([present?.includes('\r\n') === true ? '\r\n' : '\n']);
  });

  test("keeps a user's lines before and after ours when ours change", async () => {
    const own = `mine\n\n${await withIgnoredLines(undefined, devices)}theirs\n`;
    const changed = await withIgnoredLines(own, encryptedFile('fleet/all.xlsx.age'));
    expect(changed).toMatch(/^mine\n\n# >>> [^]*\nfleet\/all\.csv\n[^]*# <<< biotz-postman\ntheirs\n$/);
    expect(changed).not.toContain('devices.csv');
  });

  test('removes nothing of a user if a mark was lost', async () => {
    const whole = await withIgnoredLines(undefined, devices);
    const damaged = `${whole.replace('# <<< biotz-postman\n', '')}mine\n`;
    const mended = await withIgnoredLines(damaged, devices);
    expect(mended).toBe(`${damaged}\n${whole}`);
    const changed = await withIgnoredLines(mended, encryptedFile('fleet/all.csv.age'));
    expect(changed.startsWith(damaged)).toBe(true);
    expect(changed.split('fleet/all.csv\n')).toHaveLength(2);
  });

  test.each(['devices.csv.age', 'DEVICES.Csv.age', "the fleet/it's #1 & co.csv.age", '#1.csv.age'])(
    'lets git take %s, and nothing that it was made of',
    (path) =>
      inTemporaryFolder(async (folder) => {
        await git(folder, 'init', '--quiet');
        const file = encryptedFile(path);
        await writeFile(join(folder, '.gitignore'), await withIgnoredLines('*.age\n', file));
        const plain = [file.plain, `${file.stem}.tsv`, `${file.stem}.xlsx`];
        const outputs = [
          'generated/private/devices.data.json',
          'biotz-report/journal.ndjson',
          'biotz-shards/1/x',
        ];
        const secret = [...plain, 'biotz.identity.txt', ...outputs];
        const shared = [path, 'generated/biotz.postman_collection.json', 'biotz-postman.config.json'];
        const listed = await git(folder, 'check-ignore', '--no-index', ...secret, ...shared);
        expect(listed.trimEnd().split('\n')).toEqual(secret);
      }),
  );
});

describe('a config file', () => {
  const schema = './node_modules/biotz-postman/config.schema.json';

  test.each([
    ['{}', {}],
    ['{ "quiet": true }\n', { quiet: true }],
    ['{\n  "quiet": true,\n  "rate": "50/s"\n}\n', { quiet: true, rate: '50/s' }],
    ['{\r\n  "quiet": true\r\n}\r\n', { quiet: true }],
  ])('that is %j gets its schema, and keeps the rest', (present, config) => {
    const text = withSchema(present);
    expect(JSON.parse(text)).toEqual({ $schema: schema, ...config });
    expect(withSchema(text)).toBe(text);
  });

  test('keeps the way in which it is written', () =>
    expect(withSchema('{\n\t"rate" : "50/s" }\n')).toBe(
      `{\n  "$schema": "${schema}",\n\t"rate" : "50/s" }\n`,
    ));

  test.each(['{ "$schema": "https://example.org/own.json" }', '[1]', '{ broken'])(
    'that is %j stays as it is',
    (present) => expect(withSchema(present)).toBe(present),
  );

  test('keeps its byte order mark', () =>
    expect(withSchema('\ufeff{}')).toBe(`\ufeff{\n  "$schema": "${schema}"\n}\n`));

  test('is created if it does not exist', () =>
    expect(JSON.parse(withSchema(undefined))).toEqual({ $schema: schema }));
});
