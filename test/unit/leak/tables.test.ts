import { describe, expect, test } from '@jest/globals';
import { buffer } from 'node:stream/consumers';
import { storedZip } from '../../../src/device/xlsx/zip.js';
import { leaksIn, spansIn, token } from './scan.js';

const titles = 'Created,Name,Customer ID,Device ID,MQTT Username,HTTP Username,Password,Organization ID';
const header = `${titles}\n`;
const row = 'Yes,pump,c-1,id-1,m-1,id-1@x,hunter22,o-1\n';
const no = 'No,pump,c-1,id-1,m-1,id-1@x,,o-1\n';
const file = header + row;
const by = (delimiter: string) => file.replaceAll(',', delimiter);

// Credentials files that a reader refuses, and tables of passwords that are no credentials file.
test.each<readonly [string, string | Buffer]>([
  ['in Latin-1', Buffer.from(header + row.replace('pump', 'Bomba nº1').replace('hunter', 'ñ'), 'latin1')],
  ['with an empty first row', `,,,,,,,\n${file}`],
  ['with empty lines above', `\n \n${file}`],
  ['with a line break in a heading', file.replace('HTTP Username', '"HTTP\nUsername"')],
  ["with a line break in the password's heading", file.replace('Password', '"Password\r\n(plain)"')],
  ['with a line break in the last heading', file.replace('Organization ID', '"Organization\nID"')],
  [
    'with a line break in the first and the last heading',
    '"Created\n?",Name,Password,"Org\nID"\nYes,a,hunter22,o\n',
  ],
  ['with one value too many', header + row.replace('\n', ',x\n')],
  ['with one value too few', header + row.replace(',o-1', '')],
  ['with a value too many before the password', header + row.replace('pump', 'pump,x')],
  ['with a misplaced quote', header + row.replace('pump', 'pu"mp')],
  ['with a quote that never ends', header + row.replace('pump', '"pump')],
  ['with a quote inside of the password', header + row.replace('hunter22', '"hunter"22')],
  ['without a column Created', 'Name,Device ID,HTTP Username,Password\npump,1,1@x,hunter22\n'],
  ['with a column for user names only', 'user,password\nbob,sunshine\n'],
  ['with the columns the other way round', 'Password,HTTP Username\nhunter22,bob\n'],
  ['with devices only that were not created', header + row.replace('Yes', 'No')],
  ['with the first password after a mebibyte', header + no.repeat(40_000) + row],
  ['after a mebibyte of something else', 'text\n'.repeat(300_000) + file],
  ['with semicolons', by(';')],
  ['with tabs', by('\t')],
  ['with bars', by('|')],
  ['with the line that Excel wants', `sep=;\n${by(';')}`],
  ['in UTF-16', Buffer.from(`\ufeff${file}`, 'utf16le')],
  ['in UTF-16 with the high byte first', Buffer.from(`\ufeff${file}`, 'utf16le').swap16()],
  ['with two byte order marks', `\ufeff\ufeffPassword,User\nhunter22,bob\n`],
  ['below comments', `# exported\n# in 2026\n${file}`],
  ['in capitals', titles.toUpperCase() + `\n${row}`],
  ['with underscores', `${titles.toLowerCase().replaceAll(' ', '_')}\n${row}`],
  ['with spaces around its titles', `${titles.replaceAll(',', ' ,  ')}\n${row}`],
  ['with quotes around everything', file.replace(/[^,\n]+/g, '"$&"')],
  ['with line ends of Windows', file.replaceAll('\n', '\r\n')],
  ['with line ends of an old Mac', file.replaceAll('\n', '\r')],
  ['in a log', `10:00:00 started\n${file}10:00:09 done\n`],
  ['in a log with a time before each line', file.replace(/^/gm, '10:00:01 INFO ')],
  ['that was cut off', file.slice(0, -9)],
  ['in Markdown', '| Name | HTTP Username | Password |\n|---|:--:|---|\n| pump | id-1@x | hunter22 |\n'],
  ['as a database prints it', ' name | http_username | password\n---+---+---\n pump | id-1@x | hunter22\n'],
  ['of a browser', 'name,url,username,password\nx,https://x.example,bob,hunter22\n'],
  ['in HTML', '<tr><th>User</th><th>Password</th></tr>\n<tr><td>bob</td><td><b>hunter22</b></td></tr>'],
])('a table of passwords %s is found', async (_what, text) => {
  expect((await leaksIn(text)).map(({ code }) => code)).toEqual(['credentials-file']);
});

test.each([
  ['whose passwords are the placeholder of the guide', file.replace('hunter22', '[Password]')],
  ['whose passwords are empty', header + no],
  ['without rows', header],
  ['whose passwords are references', 'user,password\nbob,{{password}}\nal,$PASSWORD\nme,********\n'],
  ['that is a list of columns in SQL', 'SELECT id, name, password\nFROM users, roles, x1\nWHERE a, b, c1;\n'],
  [
    'that is a sentence',
    'It has these columns: Name, HTTP Username, Password.\nThey come in order, one device a row, with all, values1.\n',
  ],
  ['that is code', 'import {\n  user,\n  password,\n  other1,\n} from "x";\nlogin(user, password);\n'],
  [
    'that explains columns',
    '| column | meaning |\n|---|---|\n| user | its name |\n| Password | the password |\n| `Created` | Yes1 |\n',
  ],
  [
    'that says what is required',
    '| Server | Password |\n|---|---|\n| Keycloak | required |\n| other | optional |\n',
  ],
])('a table %s is not a table of passwords', async (_what, text) => {
  expect(await leaksIn(text)).toEqual([]);
});

test('only the first row with a password of a table is reported', async () => {
  const text = `${header}${no}${row}${row.replace('hunter22', token)}\n\npassword=hunter22&x=1\n`;
  expect(await leaksIn(text, { d: 'hunter22' })).toEqual([
    { code: 'credentials-file', file: 'file', line: 3, column: 1 },
    { code: 'device-password', file: 'file', line: 7, column: 10, device: 'd' },
  ]);
});

test('a table is found regardless of the pieces of the file', () => {
  const text = Buffer.from(`${'x\n'.repeat(200)}${header}${no.repeat(3000)}${row}`);
  const whole = spansIn(text, {});
  expect(whole).toHaveLength(1);
  for (const piece of [1, 7, 1000, 50_000]) expect(spansIn(text, {}, piece, 4096)).toEqual(whole);
});

describe('a workbook', () => {
  const zipped = (entries: ReadonlyMap<string, Buffer>) => buffer(storedZip(entries));
  const cell = (text: string) => `<c t="inlineStr"><is><t>${text}</t></is></c>`;
  const sheet = (...rows: readonly (readonly string[])[]) =>
    Buffer.from(
      `<worksheet><sheetData>${rows.map((cells) => `<row>${cells.map(cell).join('')}</row>`).join('')}</sheetData></worksheet>`,
    );
  const summary = sheet(['Summary'], ['2 devices']);
  const devices = sheet(['Devices of today'], [], ['HTTP Username', 'Password'], ['bob', 'hunter22']);

  test('is searched in every sheet and below any line', async () => {
    const workbook = await zipped(
      new Map([
        ['xl/worksheets/sheet1.xml', summary],
        ['xl/worksheets/sheet2.xml', devices],
      ]),
    );
    expect(await leaksIn(workbook)).toEqual([
      { code: 'credentials-file', file: 'file', line: 4, column: 1, place: 'xl/worksheets/sheet2.xml' },
    ]);
  });

  test('is scanned together with its list of shared texts', async () => {
    const strings = Buffer.from(
      '<sst><si><t>user</t></si><si><r><t>pass</t></r><r><t>word</t></r></si></sst>',
    );
    const rows =
      '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" t="s"><v>1</v></c></row><row r="5"><c r="A5"><v>7</v></c><c r="C5"><v>20261128</v></c></row>';
    const workbook = await zipped(
      new Map([
        ['xl/sharedStrings.xml', strings],
        [
          'xl/worksheets/sheet1.xml',
          Buffer.from(
            `<x:worksheet><x:sheetData>${rows.replace(/<(\/?)(?=\w)/g, '<$1x:')}</x:sheetData></x:worksheet>`,
          ),
        ],
      ]),
    );
    expect(await leaksIn(workbook)).toMatchObject([{ code: 'credentials-file', line: 5 }]);
  });

  test('without passwords is scanned', async () => {
    expect(await leaksIn(await zipped(new Map([['xl/worksheets/sheet1.xml', summary]])))).toEqual([]);
  });
});
