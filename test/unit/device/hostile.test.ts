import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { formatDiagnostic, knownColumns } from '../../../src/device/diagnostic.js';
import { readBytes } from './read-bytes.js';
import { sheetXml, workbook } from './workbook.js';
import { anyCharacter } from '../../support/any-character.js';

/** Each part is long enough to be told from anything else, so that a piece of a password is found too. */
const secrets = ['Zq7!correct-horse', 'Zq7!battery-staple', 'Zq7!hunter2hunter2'];

const table = [
  [...knownColumns],
  ...secrets.map((secret, i) => ['Yes', `n${i}`, 'c', `d${i}`, `d${i}`, `d${i}@h`, secret, 'o']),
];
const csv = table.map((row) => row.map((cell) => `"${cell}"`).join(',')).join('\r\n');
const originals = [
  Buffer.from(csv),
  Buffer.from(csv.replaceAll('"', '').replaceAll(',', ';')),
  Buffer.from(`\ufeff${csv}`, 'utf16le'),
  workbook(sheetXml(table)),
  workbook(sheetXml(table), { stored: true }),
];

const mutation = fc.oneof(
  fc.record({ kind: fc.constant('flip' as const), at: fc.nat(), bit: fc.nat(7) }),
  fc.record({ kind: fc.constant('cut' as const), at: fc.nat(), length: fc.nat(40) }),
  fc.record({ kind: fc.constant('cut' as const), at: fc.nat(), length: fc.constant(Infinity) }),
  fc.record({
    kind: fc.constant('insert' as const),
    at: fc.nat(),
    text: fc.oneof(
      fc.constantFrom('"', ',', '\n', '\r\n', '\0', '\ufeff', '{{', ';'),
      fc.string({ unit: anyCharacter }),
    ),
  }),
);
type Mutation = typeof mutation extends fc.Arbitrary<infer M> ? M : never;

function mutate(bytes: Buffer, change: Mutation): Buffer {
  const at = change.at % (bytes.length + 1);
  if (change.kind === 'flip') {
    const copy = Buffer.from(bytes);
    copy[at] = (copy[at] ?? 0) ^ (1 << change.bit);
    return copy;
  }
  const inserted = change.kind === 'insert' ? Buffer.from(change.text) : Buffer.alloc(0);
  const removed = change.kind === 'insert' ? 0 : change.length;
  return Buffer.concat([bytes.subarray(0, at), inserted, bytes.subarray(at + removed)]);
}

test('no damaged file crashes the reader or puts a password into a diagnostic', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...originals),
      fc.array(mutation, { minLength: 1, maxLength: 4 }),
      async (original, changes) => {
        const { diagnostics, counts } = await readBytes(changes.reduce(mutate, original));
        const said = diagnostics
          .map((diagnostic) => JSON.stringify(diagnostic) + formatDiagnostic(diagnostic))
          .join('\n');
        expect(said).not.toMatch(/Zq7|correct|horse|battery|staple|hunter2/);
        expect(counts.read).toBe(counts.skipped + counts.created + counts.invalid);
        expect(counts.errors + counts.warnings).toBe(diagnostics.length);
      },
    ),
    { numRuns: 1500 },
  );
});

test('a password as the header is not quoted, however close it is to a column', async () => {
  const { diagnostics } = await readBytes('Yes,n,d1,d1@h,Passw0rd\nYes,n,d2,d2@h,Passw0rd\n');
  expect(JSON.stringify(diagnostics) + diagnostics.map(formatDiagnostic).join('')).not.toContain('Passw0rd');
});
