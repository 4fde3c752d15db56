import { describe, expect, test } from '@jest/globals';
import { MAX_SPREADSHEET_ROWS } from '../../../src/device/xlsx/spreadsheet-rows.js';
import { brief, readBytes } from './read-bytes.js';
import { type CellSource, sheetXml, workbook, workbookOf, zip } from './workbook.js';

const header = ['Created', 'Name', 'Device ID', 'HTTP Username', 'Password'];

test('reads the first sheet of a workbook with every text as it is', async () => {
  const passwords = [
    '00123',
    ' lead',
    'trail ',
    '   ',
    'a&<b>"',
    'x\ny',
    '_x0041_'.replace('_x', '_x005F_x'),
    '😀',
  ];
  const rows = passwords.map((password, i) => ['Yes', `n${i}`, `d${i}`, `d${i}@h`, password]);
  const { devices, diagnostics } = await readBytes(workbook(sheetXml([header, ...rows])));
  expect(diagnostics.map(brief)).toEqual(['value-padded@3:5', 'value-padded@4:5', 'value-padded@5:5']);
  expect(devices.map(({ password }) => password.reveal())).toEqual([
    ...passwords.slice(0, 6),
    '_x0041_',
    '😀',
  ]);
});

test('reads thousands of rows without losing a character', async () => {
  const rows = Array.from({ length: 5000 }, (_, i) => [
    'Yes',
    `n${i}`,
    `d${i}`,
    `d${i}@h`,
    `${i}-${'p'.repeat(i % 90)}`,
  ]);
  const { devices } = await readBytes(workbook(sheetXml([header, ...rows])));
  expect(devices.map((d) => ['Yes', d.name, d.deviceId, d.username, d.password.reveal()])).toEqual(rows);
});

test("gives the sheet's own row numbers, also after rows that are left out", async () => {
  const { devices, diagnostics } = await readBytes(
    workbook(
      sheetXml([
        undefined,
        header,
        undefined,
        ['Yes', '', 'd1', 'd1@h', 'p'],
        ['', ''],
        ['Yes', '', 'd2', 'd2@h'],
      ]),
    ),
  );
  expect(devices.map(({ line }) => line)).toEqual([4]);
  expect(diagnostics.map(brief)).toEqual(['value-missing@6:5']);
});

test('a number, date or boolean as user name or password is an error, elsewhere it is its text', async () => {
  const number: CellSource = { t: 'n', v: '1.2345678901234567E+19' };
  const truth: CellSource = { t: 'b', v: '1' };
  const date: CellSource = { t: 'n', v: '45000', s: '1' };
  const { devices, diagnostics } = await readBytes(
    workbook(
      sheetXml([
        header,
        ['Yes', number, 'd1', 'd1@h', 'p'],
        ['Yes', 'n', 'd2', 'd2@h', number],
        ['Yes', 'n', 'd3', truth, date],
      ]),
    ),
  );
  expect(devices.map(({ name }) => name)).toEqual(['1.2345678901234567E+19']);
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  expect(errors.map(brief)).toEqual(['value-numeric@3:5', 'value-numeric@4:4', 'value-numeric@4:5']);
});

test('a number as device id is a warning', async () => {
  const rows = [['Yes', 'n', { t: 'n', v: '12' }, '12@h', 'p']];
  const { devices, diagnostics } = await readBytes(workbook(sheetXml([header, ...rows])));
  expect(devices.map(({ deviceId }) => deviceId)).toEqual(['12']);
  expect(diagnostics).toMatchObject([{ code: 'value-numeric', severity: 'warning', column: 3 }]);
});

test.each(['#NULL!', '#DIV/0!', '#VALUE!', '#REF!', '#NAME?', '#NUM!', '#N/A', '#SPILL!'])(
  'the error %s of a formula is named, and is no value of a device',
  async (v) => {
    const error: CellSource = { t: 'e', v, s: '1' };
    const rows = header.map((_, i) =>
      header.map((_, j) => (i === j ? error : (['Yes', 'n', `d${i}`, `d${i}@h`, 'p'][j] ?? ''))),
    );
    const { devices, diagnostics } = await readBytes(workbook(sheetXml([header, ...rows])));
    const found = diagnostics.filter(({ code }) => code === 'value-error');
    expect(found.map(brief)).toEqual(header.map((_, i) => `value-error@${i + 2}:${i + 1}`));
    expect(found.map(({ severity }) => severity)).toEqual(['error', 'warning', 'error', 'error', 'error']);
    expect(found.map(({ args }) => args)).toEqual(header.map((column) => ({ column, error: v })));
    expect(devices.map(({ line }) => line)).toEqual([3]);
  },
);

test('texts of a cell in several fonts are one text', async () => {
  const rich =
    '<c r="E2" t="inlineStr"><is><r><t>se</t></r><r><t xml:space="preserve">cret </t></r></is></c>';
  const xml = sheetXml([header, ['Yes', 'n', 'd', 'd@h']]).replace(
    '</row></sheetData>',
    `${rich}</row></sheetData>`,
  );
  const { devices } = await readBytes(workbook(xml));
  expect(devices.map(({ password }) => password.reveal())).toEqual(['secret ']);
});

describe('of several sheets', () => {
  const table = (id: string) => sheetXml([header, ['Yes', '', id, `${id}@h`, 'p']]);
  const summary = sheetXml([['This document was exported'], ['Sheet', 'Table', 'Worksheet']]);
  const empty = sheetXml([]);
  const long = sheetXml(Array.from({ length: 300 }, (_, i) => [`line ${i}`]));

  test.each([
    [
      'after a summary',
      [
        { name: 'Summary', xml: summary },
        { name: 'Sheet 1', xml: table('a') },
      ],
    ],
    [
      'before notes',
      [
        { name: 'Sheet 1', xml: table('a') },
        { name: 'Notes', xml: long },
      ],
    ],
    [
      'after an empty one',
      [
        { name: 'Sheet 1', xml: empty },
        { name: 'Sheet 2', xml: table('a') },
      ],
    ],
    [
      'and not a hidden copy',
      [
        { name: 'Old', xml: table('b'), state: 'hidden' },
        { name: 'New', xml: table('a') },
      ],
    ],
    [
      'though it is hidden',
      [
        { name: 'Summary', xml: summary },
        { name: 'Data', xml: table('a'), state: 'veryHidden' },
      ],
    ],
  ])('the one with the columns is read, %s', async (_what, sheets) => {
    const { devices, diagnostics } = await readBytes(workbookOf(sheets));
    expect(diagnostics).toEqual([]);
    expect(devices.map(({ deviceId }) => deviceId)).toEqual(['a']);
  });

  test('more than one with the columns is an error that names them', async () => {
    const sheets = ['North', 'South'].map((name) => ({ name, xml: table(name) }));
    const { diagnostics } = await readBytes(workbookOf([...sheets, { name: 'Notes', xml: summary }]));
    expect(diagnostics).toMatchObject([
      { code: 'spreadsheet-ambiguous', args: { sheets: ['North', 'South'] } },
    ]);
  });

  test('none with the columns is an error that names them all', async () => {
    const sheets = ['One', 'Two'].map((name) => ({ name, xml: summary }));
    const { diagnostics } = await readBytes(workbookOf([...sheets, { name: 'Empty', xml: empty }]));
    expect(diagnostics).toMatchObject([{ code: 'spreadsheet-no-table', args: { sheets: ['One', 'Two'] } }]);
  });

  test('one with a misspelt header is read, and its header is named', async () => {
    const xml = sheetXml([
      header.map((title) => title.replace('Password', 'Pasword')),
      ['Yes', '', 'a', 'a@h', 'p'],
    ]);
    const { diagnostics } = await readBytes(
      workbookOf([
        { name: 'Summary', xml: summary },
        { name: 'Data', xml },
      ]),
    );
    expect(diagnostics.map(brief)).toEqual(['column-misspelt@1:5']);
  });

  test('one that cannot be read is no reason against the first', async () => {
    const broken = sheetXml([['x', { t: 'd', v: 'not a date' }]]);
    const { devices } = await readBytes(
      workbookOf([
        { name: 'Data', xml: table('a') },
        { name: 'Broken', xml: broken },
      ]),
    );
    expect(devices).toHaveLength(1);
  });

  test('a diagram is none', async () => {
    const { devices, diagnostics } = await readBytes(
      workbookOf([
        { name: 'Diagram', xml: '<chartsheet/>', type: 'chartsheet' },
        { name: 'Data', xml: table('a') },
      ]),
    );
    expect(diagnostics).toEqual([]);
    expect(devices).toHaveLength(1);
  });

  test('rows keep their numbers however many there are', async () => {
    const rows = Array.from({ length: 500 }, (_, i) => ['Yes', '', `d${i}`, `d${i}@h`, 'p']);
    const { devices } = await readBytes(
      workbookOf([
        { name: 'Summary', xml: summary },
        { name: 'Data', xml: sheetXml([header, ...rows]) },
      ]),
    );
    expect(devices.map(({ line }) => line)).toEqual(rows.map((_, i) => i + 2));
  });
});

test.each(['1e30', '-1e30', '1e400'])('a date of %s days counts as a date like any other', async (v) => {
  const date: CellSource = { t: 'n', v, s: '1' };
  const rows = [
    ['Yes', date, 'd1', 'd1@h', 'p'],
    ['Yes', 'n', 'd2', 'd2@h', date],
  ];
  const { devices, diagnostics } = await readBytes(workbook(sheetXml([header, ...rows])));
  expect(devices.map(({ deviceId }) => deviceId)).toEqual(['d1']);
  expect(diagnostics.map(brief)).toEqual(['value-numeric@3:5']);
});

const sheet = (data: string) => workbook(`<worksheet><sheetData>${data}</sheetData></worksheet>`);
const cell = (reference: string) => `<c r="${reference}" t="str"><v>x</v></c>`;
const SPACES = ' '.repeat(300 * 2 ** 20);
const gigabytes = workbook(`<worksheet><sheetData>${SPACES}</sheetData></worksheet>`);

test.each<[string, () => Buffer, string]>([
  ['an archive cut short', () => workbook(sheetXml([header])).subarray(0, 300), 'spreadsheet-malformed'],
  ['an archive that is no workbook', () => zip({ 'a.txt': 'hello' }), 'spreadsheet-malformed'],
  ['an empty archive', () => zip({}), 'spreadsheet-malformed'],
  ['a sheet that is no XML', () => workbook('<worksheet><sheetData><row'), 'spreadsheet-malformed'],
  [
    'a size that is a lie',
    () => workbook(sheetXml([header]), { declaredSize: 0xf0000000 }),
    'spreadsheet-too-large',
  ],
  ['an entry that unpacks to 300 MB', () => gigabytes, 'spreadsheet-too-large'],
  ['the same, declared as 10 bytes', () => workbook(SPACES, { declaredSize: 10 }), 'spreadsheet-too-large'],
  [
    'more than 100,000 rows',
    () => sheet(`<row r="100001">${cell('A100001')}</row>`),
    'spreadsheet-too-many-rows',
  ],
  [
    'more than 100,000 rows without numbers',
    () => sheet('<row/>'.repeat(MAX_SPREADSHEET_ROWS + 1)),
    'spreadsheet-too-many-rows',
  ],
  ['a row number beyond Excel', () => sheet(`<row r="999999999"></row>`), 'spreadsheet-malformed'],
  ['a row number in disguise', () => sheet('<row r="&#57;99999999"></row>'), 'spreadsheet-malformed'],
  [
    'a row number behind a quoted bracket',
    () => sheet(`<row a='"' b="<" r="999999999"></row>`),
    'spreadsheet-malformed',
  ],
  [
    'more cells than memory',
    () => sheet(`<row r="99999">${cell('XFD99999')}</row>`),
    'spreadsheet-too-large',
  ],
  [
    'a cell that hides its place behind a value',
    () => sheet(`<row r="1"><c a=" r='A1'" r="XFD99999" t="str"><v>x</v></c></row>`),
    'spreadsheet-malformed',
  ],
  [
    'a cell that is in two places',
    () => sheet('<row r="1"><c x:r="A1" r="XFD99999" t="str"><v>x</v></c></row>'),
    'spreadsheet-malformed',
  ],
  ['a column beyond Excel', () => sheet(`<row r="1">${cell('ZZZ1')}</row>`), 'spreadsheet-malformed'],
  [
    'a value in two pieces',
    () => sheet('<row r="1"><c r="A1" t="str"><v>a<!-- -->b</v></c></row>'),
    'spreadsheet-malformed',
  ],
  [
    'entries that share their bytes',
    () =>
      workbook(sheetXml([header, ['Yes', 'n', 'd', 'd@h', 'p'.repeat(1000)]]), { listed: 2, stored: true }),
    'spreadsheet-malformed',
  ],
  ['a million brackets in a value', () => sheet(`<t ${'>'.repeat(1_000_000)}`), 'spreadsheet-malformed'],
  ['no rows', () => sheet(''), 'file-empty'],
])('refuses a workbook with %s', async (_, make, code) => {
  const { diagnostics } = await readBytes(make());
  expect(diagnostics.map((diagnostic) => diagnostic.code)).toEqual([code]);
});

test('reads an archive whose entries are not compressed', async () => {
  const rows = [header, ['Yes', 'n', 'd1', 'd1@h', 'p']];
  const { devices } = await readBytes(workbook(sheetXml(rows), { stored: true }));
  expect(devices).toHaveLength(1);
});
