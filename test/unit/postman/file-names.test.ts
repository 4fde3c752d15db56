import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { FileNames } from '../../../src/postman/file-names.js';
import { device } from './fixture.js';
import { anyCharacter } from '../../support/any-character.js';

const named = (name: string, number = 1) => device(number, { name });

test.each([
  ['Boiler_2.a-b', 'Boiler_2.a-b'],
  ['../../etc/passwd', 'etc-passwd'],
  ['C:\\Windows\\x', 'C-Windows-x'],
  ['..', 'device'],
  ['', 'device'],
  ['温度計', 'device'],
  ['a\u0000b\nc', 'a-b-c'],
  ['name. . ', 'name'],
  ['CON', 'device-CON'],
  ['com1.txt', 'device-com1.txt'],
  ['Nul.', 'device-Nul'],
  ['console', 'console'],
  ['COM10', 'COM10'],
  ['x'.repeat(300), 'x'.repeat(60)],
])('%j is written as %s', (name, file) => {
  expect(new FileNames().nameOf(named(name))).toBe(file);
});

test('the first of several similar names is plain, each later one has its own digest', () => {
  const names = new FileNames();
  expect(names.nameOf(named('Boiler', 1))).toBe('Boiler');
  const later = [named('BOILER', 2), named('Boiler', 3), named('Boiler!', 4)].map((each) =>
    names.nameOf(each),
  );
  expect(later).toEqual([
    expect.stringMatching(/^BOILER-[0-9a-f]{8}$/),
    expect.stringMatching(/^Boiler-[0-9a-f]{8}$/),
    expect.stringMatching(/^Boiler-[0-9a-f]{8}$/),
  ]);
  expect(new Set(later).size).toBe(3);
});

test('a name that imitates another name with its digest gets its own digest', () => {
  const honest = new FileNames();
  honest.nameOf(named('Boiler', 1));
  const taken = honest.nameOf(named('Boiler', 2));
  const names = [named('Boiler', 1), named(taken, 3), named('Boiler', 2)];
  const table = new FileNames();
  expect(new Set(names.map((each) => table.nameOf(each))).size).toBe(3);
});

test('all names give file names that are safe and differ in more than case', () => {
  const parts = fc.oneof(
    fc.string({ unit: anyCharacter }),
    fc.constantFrom('a', 'A', 'a-', 'con', 'Con.', '.', 'COM1.a'),
  );
  fc.assert(
    fc.property(fc.array(parts, { maxLength: 30 }), (given) => {
      const table = new FileNames();
      const files = given.map((name, number) => table.nameOf(named(name, number)));
      expect(new Set(files.map((file) => file.toLowerCase())).size).toBe(files.length);
      for (const file of files) {
        expect(file).toMatch(/^\w(?:[\w.-]*\w)?$/);
        expect(file).not.toMatch(/^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i);
        expect(file.length).toBeLessThan(150);
      }
    }),
  );
});
