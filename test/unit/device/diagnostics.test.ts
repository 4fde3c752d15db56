import { expect, test } from '@jest/globals';
import { brief, readBytes } from './read-bytes.js';

const header = 'Created,Name,Device ID,HTTP Username,Password';
const good = 'Yes,n,d0,d0@h,p';

test.each<[string, string | Buffer, readonly string[]]>([
  ['nothing', '', ['file-empty@:']],
  ['only a byte order mark', '\ufeff', ['file-empty@:']],
  ['only white space', ' \r\n\t\n', ['file-empty@:']],
  ['an old workbook', Buffer.from('d0cf11e0a1b11ae1', 'hex'), ['file-binary@:']],
  ['a PDF', '%PDF-1.7', ['file-binary@:']],
  ['a compressed file', Buffer.from('1f8b0800', 'hex'), ['file-binary@:']],
  ['a NUL byte', `${header}\n${good}\nYes,n,d1,d1@h,\0`, ['file-binary@3:']],
  ['Windows-1252', Buffer.from(`${header}\n${good}\nYes,é,d1,d1@h,p\n`, 'latin1'), ['file-not-utf8@3:']],
  [
    'Windows-1252 with CR',
    Buffer.from(`${header}\r${good}\rYes,é,d1,d1@h,p\r`, 'latin1'),
    ['file-not-utf8@3:'],
  ],
  ['a character cut in two', Buffer.from(`${header}\n${good}é`).subarray(0, -1), ['file-not-utf8@2:']],
  [
    'half a UTF-16 unit',
    Buffer.from(`\ufeff${header}\n${good}`, 'utf16le').subarray(0, -1),
    ['file-not-utf8@2:'],
  ],
  [
    'a lone surrogate',
    Buffer.from(`\ufeff${header}\nYes,\udc00,d0,d0@h,p\n`, 'utf16le'),
    ['file-not-utf8@2:'],
  ],
  ['a quote never closed', `${header}\n${good}\nYes,n,"d1,d1@h,p\n`, ['csv-malformed@3:3']],
  ['a quote inside a value', `${header}\nYes,n,d"1,d1@h,p"\n${good}`, ['csv-malformed@2:3']],
  ['text after a quote', `${header}\nYes,n,"d1"x,"d1@h",p\n${good}`, ['csv-malformed@2:3']],
  ['a row without end', `${header}\n${good}\nYes,n,"${'x\n'.repeat(600_000)}`, ['csv-malformed@3:3']],
  ['a header with a quote in it', `Cre"ated,Device ID\n${good}`, ['csv-malformed@1:1']],
  ['a missing column', 'Created,Name,Device ID,HTTP Username\nYes,n,d,d@h', ['column-missing@1:']],
  [
    'no header',
    'Yes,n,Passwor,d0@h,HTTP User\nYes,n,d1,d1@h,p',
    ['column-missing@1:', 'column-missing@1:', 'column-missing@1:', 'column-missing@1:'],
  ],
  ['a misspelt column', `${header.replace('Password', 'Pasword')}\n${good}`, ['column-misspelt@1:5']],
  ['a shortened column', `${header.replace('HTTP Username', 'HTTP User')}\n${good}`, ['column-misspelt@1:4']],
  ['a misspelt optional column', `${header.replace('Name', 'Nmae ')}\n${good}`, []],
  ['an optional column off by one', `${header.replace('Name', 'Names')}\n${good}`, ['column-misspelt@1:2']],
  ['a column twice', `${header},device_id\n${good},d0`, ['column-duplicated@1:6']],
  ['an unknown column twice', `${header},Site,Site\n${good},x,y`, ['column-duplicated@1:7']],
  ['a reserved column', `${header},__proto__\n${good},x`, ['column-reserved@1:6']],
  ['another reserved column', `${header},constructor\n${good},x`, ['column-reserved@1:6']],
  ['a short row', `${header}\n${good}\nYes,n,d1\n`, ['row-too-short@3:']],
  ['a long row', `${header}\n${good}\nYes,n,d1,d1@h,p,q\n`, ['row-too-long@3:6']],
  ['a value without a column', `${header},\n${good},x\n`, ['row-too-long@2:6']],
  [
    'empty values',
    `${header}\nYes,n, ,\u00a0,\n`,
    ['value-missing@2:3', 'value-missing@2:4', 'value-missing@2:5'],
  ],
  ['an unclear Created', `${header}\n${good}\nTRUE,n,d1,d1@h,p\n`, ['created-invalid@3:1']],
  ['an empty Created', `${header}\n${good}\n,n,d1,d1@h,p\n`, ['created-invalid@3:1']],
  ['the same device twice', `${header}\n${good}\n\n${good}\n`, ['device-duplicated@4:3']],
  ['the same user twice', `${header}\nYes,n,A,A@h,p\nYes,n,a,a@H,p\n`, ['device-duplicated@3:4']],
  ["another device's user name", `${header}\nYes,n,d1,d2@h,p\n`, ['username-mismatch@2:4']],
  ['a password as a name', `${header}\nYes,Zx9Canary,d1,d1@h,Zx9Canary\n`, ['password-repeated@2:2']],
  [
    'a password in a name, encoded',
    `${header}\nYes,pump Wng5Q2FuYXJ5 1,d1,d1@h,Zx9Canary\n`,
    ['password-repeated@2:2'],
  ],
  [
    'a password in an id',
    `${header}\nYes,n,x-zx9canary,x-zx9canary@h,Zx9Canary\n`,
    ['password-repeated@2:3', 'password-repeated@2:4'],
  ],
  [
    'a password in a user name, encoded',
    `${header}\nYes,n,d1,d1@Wng5Q2FuYXJ5,Zx9Canary\n`,
    ['password-repeated@2:4'],
  ],
  [
    'a spaced password in a name',
    `${header}\nYes,Pump z x 9 - C.a.n\u200bary 7,d1,d1@h,Zx9-Canary\n`,
    ['password-repeated@2:2'],
  ],
  ['a spaced password that may be in a name by chance', `${header}\nYes,pump 1,d1,d1@h,p-u-m-p\n`, []],
  ['a password that may be in a name by chance', `${header}\nYes,pump,d1,d1@h,pum\n`, []],
  ["the guide's placeholder", `${header}\nYes,n,d1,d1@h,[Password]\n`, ['password-placeholder@2:5']],
  [
    'templates',
    `${header}\nYes,{{n}},{{d}},{{d}}@h,a{{$guid}}b\n`,
    ['value-template@2:2', 'value-template@2:3', 'value-template@2:4', 'value-template@2:5'],
  ],
  ['braces that are no template', `${header}\nYes,}}{{,d1,d1@h,{{\n`, []],
  ['only a header', `${header}\n`, ['no-devices@:']],
  ['only devices that were not created', `${header}\nNo,n,d1,,\n`, ['no-devices@:']],
])('says where a file has %s', async (_, content, expected) => {
  const { diagnostics } = await readBytes(content);
  expect(diagnostics.map(brief)).toEqual(expected);
});

test('reports all diagnostics of a file at once and keeps reading devices', async () => {
  const { devices, diagnostics, counts } = await readBytes(
    `${header}\nYes,n,"a"b","x",y\nYes,n,d1,d1@h,p\nmaybe,n,d2,d2@h,p\nYes,n,d1,d1@h,p\nYes,n,d3,d3@h,p\n`,
  );
  expect(diagnostics.map(brief)).toEqual([
    'csv-malformed@2:3',
    'created-invalid@4:1',
    'device-duplicated@5:3',
  ]);
  expect(devices.map(({ deviceId, line }) => [deviceId, line])).toEqual([
    ['d1', 3],
    ['d3', 6],
  ]);
  expect(counts).toEqual({ read: 5, skipped: 0, created: 2, invalid: 3, errors: 3, warnings: 0 });
});

test('a missing column is only an error when a device cannot log in without it', async () => {
  const { diagnostics } = await readBytes(
    'Created,Device ID,HTTP Username,Password,Customr ID\nYes,d,d@h,p,c',
  );
  expect(diagnostics.map(({ code, severity }) => [code, severity])).toEqual([['column-misspelt', 'warning']]);
});

test('a misspelt column is told by its number: without a header its text may be a password', async () => {
  const { diagnostics } = await readBytes('Created,Name,Device ID,HTTP Username,Passw0rd\nYes,n,d,d@h,p');
  expect(diagnostics.map(({ column, args }) => [column, args])).toEqual([[5, { column: 'Password' }]]);
});

test('names the first line of a duplicate', async () => {
  const { diagnostics } = await readBytes(`${header}\n${good}\nYes,n,d1,d1@h,p\n${good}\n`);
  expect(diagnostics.map(({ args }) => args)).toEqual([{ column: 'Device ID', firstLine: 2 }]);
});
