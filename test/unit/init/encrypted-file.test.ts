import { expect, test } from '@jest/globals';
import { encryptedFile } from '../../../src/init/encrypted-file.js';

test.each([
  ['devices.csv.age', 'devices.csv', 'devices'],
  ["the fleet/it's #1.XLSX.age", "the fleet/it's #1.XLSX", "the fleet/it's #1"],
])('%s is a path, made of %s, with the stem %s', (path, plain, stem) => {
  expect(encryptedFile(path)).toEqual({ path, plain, stem });
});

test.each([
  ['devices.csv', 'must end in .csv.age'],
  ['devices.age', 'must end in .csv.age'],
  ['fleet/.csv.age', 'must end in .csv.age'],
  ['-', 'must be a path in the repository'],
  ['-x.csv.age', 'must be a path in the repository'],
  ['/etc/devices.csv.age', 'must be a path in the repository'],
  ['../devices.csv.age', 'must be a path in the repository'],
  ['./devices.csv.age', 'must be a path in the repository'],
  ['a//devices.csv.age', 'must be a path in the repository'],
  [' devices.csv.age', 'spaces around it'],
  ['a\nb.csv.age', 'invisible characters'],
  ['a\u202eb.csv.age', 'invisible characters'],
  ['${{ secrets.X }}.csv.age', 'read as a pattern'],
  ['$HOME.csv.age', 'read as a pattern'],
  ['*.csv.age', 'read as a pattern'],
  ['a\\b.csv.age', 'read as a pattern'],
])('%j is refused: it %s', (path, problem) => {
  expect(() => encryptedFile(path)).toThrow(problem);
});
