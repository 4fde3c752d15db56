import { expect, test } from '@jest/globals';
import { diagnose } from '../../../src/device/diagnostic.js';
import { formatDiagnostic } from '../../../src/device/diagnostic.js';

test('says in one line where, how bad, what, why and what to do', () => {
  const diagnostic = diagnose(
    'value-missing',
    'error',
    'devices.csv',
    { column: 'Password' },
    { line: 3, column: 7 },
  );
  expect(formatDiagnostic(diagnostic)).toBe(
    'devices.csv:3:7: error: "Password" is empty for a device that was created. Download the credentials file from the platform again. [value-missing]',
  );
});

test('leaves out a line or column that is not meant', () => {
  expect(formatDiagnostic(diagnose('file-empty', 'error', 'a.csv', {}))).toMatch(
    /^a\.csv: error: The file is empty\./,
  );
  const short = diagnose('row-too-short', 'error', 'a.csv', { expected: 8, found: 3 }, { line: 2 });
  expect(formatDiagnostic(short)).toMatch(
    /^a\.csv:2: error: The row has 3 values but the header has 8 columns\./,
  );
});

test('a name cannot break the line, colour the terminal or reorder the text', () => {
  const diagnostic = diagnose('spreadsheet-no-table', 'error', 'a\n\u001b[31m.xlsx', {
    sheets: ['Na\u202eme\u0085'],
  });
  const line = formatDiagnostic(diagnostic);
  expect(line).toContain('a\\u{a}\\u{1b}[31m.xlsx: error:');
  expect(line).toContain('"Na\\u{202e}me\\u{85}"');
});
