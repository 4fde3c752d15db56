import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { Device } from '../../../src/device/device.js';
import { CsvRows } from '../../../src/device/csv/csv-rows.js';
import { Findings } from '../../../src/device/diagnostic.js';
import { RowReader } from '../../../src/device/row-reader.js';
import { utf8Text } from '../../../src/files/utf8-text.js';
import { readBytes } from './read-bytes.js';
import { sheetXml, workbook } from './workbook.js';
import { anyCharacter } from '../../support/any-character.js';

interface Row {
  readonly created: boolean;
  readonly name: string;
  readonly deviceId: string;
  readonly password: string;
  readonly site: string;
}

// Everything but NUL, which no text file holds, and halves of surrogate pairs.
const value = fc
  .string({
    unit: fc.oneof(
      fc.constantFrom(' ', ',', ';', '\t', '"', '\r', '\n', '{', '}', '=', '0', 'é', '😀'),
      anyCharacter,
    ),
  })
  .filter((text) => !text.includes('\0'));
const filled = value.filter((text) => text.trim() !== '');

const rows: fc.Arbitrary<readonly Row[]> = fc.uniqueArray(
  fc.record({
    created: fc.boolean(),
    name: filled,
    deviceId: filled,
    password: value.filter((v) => v !== ''),
    site: value,
  }),
  { minLength: 1, maxLength: 12, selector: ({ deviceId }) => deviceId.toLowerCase() },
);

const dialect = fc.record({
  delimiter: fc.constantFrom(',', ';', '\t'),
  lineBreak: fc.constantFrom('\n', '\r\n', '\r'),
  quoteAll: fc.boolean(),
  separatorLine: fc.boolean(),
  lastBreak: fc.boolean(),
  encoding: fc.constantFrom('utf8', 'utf8-bom', 'utf16le', 'utf16le-bom', 'utf16be', 'utf16be-bom'),
  order: fc.shuffledSubarray([0, 1, 2, 3, 4, 5], { minLength: 6 }),
});
type Dialect = typeof dialect extends fc.Arbitrary<infer D> ? D : never;

const titles = ['Created', 'Name', 'Device ID', 'HTTP Username', 'Password', 'Site'];

function cells({ created, name, deviceId, password, site }: Row): readonly string[] {
  return [created ? 'Yes' : 'No', name, deviceId, `${deviceId}@h`, password, site];
}

function writeCsv(devices: readonly Row[], how: Dialect): Buffer {
  const quote = (cell: string) =>
    how.quoteAll || /[",;\t\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
  const lines = [titles, ...devices.map(cells)].map((row) =>
    how.order.map((i) => quote(row[i] ?? '')).join(how.delimiter),
  );
  if (how.separatorLine) lines.unshift(`sep=${how.delimiter}`);
  const bom = how.encoding.endsWith('-bom') ? '\ufeff' : '';
  const text = bom + lines.join(how.lineBreak) + (how.lastBreak ? how.lineBreak : '');
  if (how.encoding.startsWith('utf8')) return Buffer.from(text);
  const units = Buffer.from(text, 'utf16le');
  return how.encoding.startsWith('utf16be') ? units.swap16() : units;
}

const expected = (devices: readonly Row[]) =>
  devices
    .filter(({ created }) => created)
    .map(({ name, deviceId, password, site }) => ({ name, deviceId, password, site }));

test('any devices, written as CSV in any accepted dialect, read back the same', async () => {
  await fc.assert(
    fc.asyncProperty(rows, dialect, async (devices, how) => {
      const reading = await readBytes(writeCsv(devices, how));
      expect(
        reading.diagnostics.filter(({ code, severity }) => severity === 'error' && code !== 'no-devices'),
      ).toEqual([]);
      expect(
        reading.devices.map(({ name, deviceId, password, otherColumns }) => ({
          name,
          deviceId,
          password: password.reveal(),
          site: otherColumns['Site'],
        })),
      ).toEqual(expected(devices));
    }),
    { numRuns: 400 },
  );
});

test('any devices, written as a workbook, read back the same', async () => {
  // XML has no other control characters, and turns a carriage return into a line feed.
  const xmlSafe = /^[\t\n\x20-\x7e\xa0-\ud7ff\u{10000}-\u{10ffff}]*$/u;
  const underscoreX = /_x[0-9a-f]{4}_/i;
  await fc.assert(
    fc.asyncProperty(rows, async (devices) => {
      const safe = devices.filter((row) =>
        cells(row).every((cell) => xmlSafe.test(cell) && !underscoreX.test(cell)),
      );
      const reading = await readBytes(workbook(sheetXml([titles, ...safe.map(cells)])));
      expect(reading.devices.map(({ deviceId, password }) => [deviceId, password.reveal()])).toEqual(
        expected(safe).map(({ deviceId, password }) => [deviceId, password]),
      );
    }),
    { numRuns: 150 },
  );
});

test('it does not matter where the bytes are cut into parts', async () => {
  await fc.assert(
    fc.asyncProperty(
      rows,
      dialect,
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
      async (devices, how, sizes) => {
        const bytes = writeCsv(devices, {
          ...how,
          encoding: how.encoding.startsWith('utf16') ? 'utf16le' : 'utf8',
        });
        const encoding = how.encoding.startsWith('utf16') ? 'utf-16le' : 'utf-8';
        async function* parts(): AsyncGenerator<Buffer> {
          for (let at = 0, i = 0; at < bytes.length; i++) {
            const size = sizes[i % sizes.length] ?? 1;
            yield bytes.subarray(at, at + size);
            at += size;
          }
        }
        const findings = new Findings('parts.csv', () => {});
        const found: Device[] = [];
        const reader = new RowReader(findings, { onDevice: (device) => found.push(device) });
        const csv = new CsvRows(reader);
        for await (const text of utf8Text(parts(), encoding)) await csv.push(text);
        await csv.end();
        const whole = await readBytes(bytes);
        expect(found).toEqual(whole.devices);
        expect(reader.finish()).toEqual(whole.counts);
      },
    ),
    { numRuns: 200 },
  );
});
