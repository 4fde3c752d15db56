import { setImmediate } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { readBytes } from './read-bytes.js';

const utf16be = (text: string) => Buffer.from(text, 'utf16le').swap16();

const plain = 'Created,Name,Device ID,HTTP Username,Password\nYes,Pump,d1,d1@host,s3crét\n';
const semicolons = plain.replaceAll(',', ';');

test.each<[string, string | Buffer]>([
  ['commas', plain],
  ['semicolons', semicolons],
  ['tabs', plain.replaceAll(',', '\t')],
  ['CRLF', plain.replaceAll('\n', '\r\n')],
  ['CR only', plain.replaceAll('\n', '\r')],
  ['mixed line breaks', plain.replace('\n', '\r\n')],
  ['no line break at the end', plain.trimEnd()],
  ['blank lines around', `\n\r\n${plain}\n\n`],
  ['empty rows of a spreadsheet program', `${plain},,,,\n , ,,,\n`],
  ['a UTF-8 byte order mark', `\ufeff${plain}`],
  ['UTF-16LE with a byte order mark', Buffer.from(`\ufeff${plain}`, 'utf16le')],
  ['UTF-16BE with a byte order mark', utf16be(`\ufeff${plain}`)],
  ['UTF-16LE without one', Buffer.from(plain, 'utf16le')],
  ['UTF-16BE without one', utf16be(plain)],
  ["Excel's separator line", `sep=;\r\n${semicolons}`],
  ['a separator line for an unusual delimiter', `sep=|\n${plain.replaceAll(',', '|')}`],
  ['a separator line that was saved again', `sep=,,,,,,,\r\n${plain}`],
  ['a separator line that was saved again with another delimiter', `sep=;,,,,\n${plain}`],
  ['a quoted separator line', `"sep=;"\r\n${semicolons}`],
  ['a quoted separator line with further cells', `"sep=,";;;;\r\n${semicolons}`],
  ['a separator line that says the wrong delimiter', `sep=,\n${semicolons}`],
  ['a separator line with a tab', `sep=\t\r\n${plain.replaceAll(',', '\t')}`],
  ['a separator line with a written tab', `sep=\\t\r\n${plain.replaceAll(',', '\t')}`],
  ['a separator line behind a byte order mark', `\ufeffsep=;\r\n${semicolons}`],
  ['two byte order marks', `\ufeff\ufeff${plain}`],
  ['two byte order marks before a quote', `\ufeff\ufeff${plain.replaceAll(/[^,\n]+/g, '"$&"')}`],
  ['two byte order marks before a separator line', `\ufeff\ufeffSEP=;\r\n${semicolons}`],
  ['two byte order marks in UTF-16', Buffer.from(`\ufeff\ufeff${plain}`, 'utf16le')],
  ['quoted values', plain.replaceAll(/[^,\n]+/g, '"$&"')],
  [
    'other case and spacing in the header',
    plain.replace(/^.*/, 'CREATED,name,device_id,Http-UserName,pass word'),
  ],
  ['a trailing delimiter', plain.replaceAll('\n', ',\n')],
  ['a trailing delimiter in rows only', plain.replace('s3crét', 's3crét,')],
  ['yes in lower case with spaces', plain.replace('Yes', ' yes ')],
])('reads a CSV with %s', async (_, content) => {
  const { devices, diagnostics } = await readBytes(content);
  expect(diagnostics).toEqual([]);
  expect(devices.map((d) => [d.deviceId, d.name, d.username, d.password.reveal(), d.otherColumns])).toEqual([
    ['d1', 'Pump', 'd1@host', 's3crét', {}],
  ]);
});

test('keeps every value as it is written', async () => {
  const values = [
    '00123',
    '1e5',
    '12345678901234567890',
    ' lead',
    'trail ',
    '   ',
    'a""b',
    'x;y,z',
    'two\r\nlines',
    '=1+1',
  ];
  const rows = values.map((value, i) => `Yes,,00${i},00${i}@h,"${value}","${value}"`);
  const { devices } = await readBytes(
    `Created,Name,Device ID,HTTP Username,Password,Extra\n${rows.join('\n')}`,
  );
  const written = values.map((value) => value.replaceAll('""', '"'));
  expect(devices.map(({ password }) => password.reveal())).toEqual(written);
  expect(devices.map(({ otherColumns }) => otherColumns['Extra'])).toEqual(written);
  expect(devices.map(({ deviceId }) => deviceId)).toEqual(values.map((_, i) => `00${i}`));
});

test.each([
  ['a space', ' '],
  ['a tab', '\t'],
  ['a no-break space', '\u00a0'],
  ['an ideographic space', '\u3000'],
  ['a zero-width space', '\u200b'],
  ['a zero-width joiner', '\u200d'],
  ['a byte order mark', '\ufeff'],
  ['a mark of direction', '\u200e'],
  ['a soft hyphen', '\u00ad'],
])('warns of %s around a value, and keeps it', async (_what, character) => {
  const character16 = `U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
  for (const pad of [(text: string) => character + text, (text: string) => text + character]) {
    const [name, id, user, password] = ['n', 'd', 'd@h', 'p'].map(pad);
    const { devices, diagnostics } = await readBytes(
      `Created,Name,Device ID,HTTP Username,Password\nYes,"${name}","${id}","${user}","${password}"\n`,
    );
    expect(devices.map((d) => [d.name, d.deviceId, d.username, d.password.reveal()])).toEqual([
      [name, id, user, password],
    ]);
    const padded = diagnostics.filter(({ code }) => code === 'value-padded');
    expect(padded).toMatchObject(
      ['Name', 'Device ID', 'HTTP Username', 'Password'].map((column, i) => ({
        args: { column, character: character16 },
        column: i + 2,
        severity: 'warning',
      })),
    );
  }
});

test('the error of a formula in a CSV is a warning, because it may be meant, but not in "Created"', async () => {
  const { devices, diagnostics } = await readBytes(
    'Created,Device ID,HTTP Username,Password\nYes,d1,d1@h,#NAME?\n#N/A,d2,d2@h,p\n',
  );
  expect(devices.map(({ password }) => password.reveal())).toEqual(['#NAME?']);
  expect(diagnostics).toMatchObject([
    { code: 'value-error', severity: 'warning', args: { column: 'Password', error: '#NAME?' } },
    { code: 'value-error', severity: 'error', args: { column: 'Created', error: '#N/A' } },
  ]);
});

test('takes the device id for a name that is missing or empty', async () => {
  const without = await readBytes('Created,Device ID,HTTP Username,Password\nYes,d1,d1@h,p');
  const empty = await readBytes('Created,Device ID,HTTP Username,Password,Name\nYes,d2,d2@h,p, ');
  expect([...without.devices, ...empty.devices].map(({ name }) => name)).toEqual(['d1', 'd2']);
});

test("keeps the platform's other columns and unknown ones by the header's spelling", async () => {
  const { devices } = await readBytes(
    'Site,Customer ID,MQTT Username,organization id,Created,Device ID,HTTP Username,Password\nN,c,m,o,Yes,d1,d1@h,p',
  );
  expect(Object.entries(devices[0]?.otherColumns ?? {})).toEqual([
    ['Site', 'N'],
    ['Customer ID', 'c'],
    ['MQTT Username', 'm'],
    ['organization id', 'o'],
  ]);
});

test('skips and counts devices that were not created, without looking at their values', async () => {
  const { devices, counts, diagnostics } = await readBytes(
    'Created,Device ID,HTTP Username,Password\nNo,,,\nYes,d1,d1@h,p\nno,d1,,\nYes,d2,,\n',
  );
  expect(devices.map(({ deviceId }) => deviceId)).toEqual(['d1']);
  expect(counts).toEqual({
    read: 4,
    skipped: 2,
    created: 1,
    invalid: 1,
    errors: diagnostics.length,
    warnings: 0,
  });
});

test('gives the line on which each row starts, however rows and lines break', async () => {
  const head = 'sep=,\r\nCreated,Name,Device ID,HTTP Username,Password\r\n';
  const { devices } = await readBytes(
    `${head}Yes,"a\r\nb\nc\rd",d1,d1@h,p\r\n\r\nYes,x,d2,d2@h,p\rYes,"\n",d3,d3@h,"\r\n"\nYes,y,d4,d4@h,p`,
  );
  expect(devices.map(({ deviceId, line }) => [deviceId, line])).toEqual([
    ['d1', 3],
    ['d2', 8],
    ['d3', 9],
    ['d4', 12],
  ]);
});

test('gives the right line past the first part of a large file', async () => {
  const rows = Array.from({ length: 9000 }, (_, i) => `Yes,"${'n'.repeat(i % 50)}\r\n",d${i},d${i}@h,p`);
  const { devices } = await readBytes(
    `Created,Name,Device ID,HTTP Username,Password\r\n${rows.join('\r\n')}`,
  );
  expect(devices.map(({ line }) => line)).toEqual(rows.map((_, i) => 2 + 2 * i));
});

test('a long header without a line break takes no longer than others', async () => {
  const header = `Created,${'x'.repeat(60_000)}`;
  // Looking for its end once from each of its characters took seconds: together more than a test may take.
  for (let file = 0; file < 30; file++) {
    const { diagnostics } = await readBytes(header);
    expect(diagnostics.map(({ code }) => code)).toContain('column-missing');
    // Lets the test's time run out.
    await setImmediate();
  }
});
