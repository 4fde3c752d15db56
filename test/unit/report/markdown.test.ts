import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { marked } from 'marked';
import { failed, flaky, passed, runOf, shardOf } from '../journal/fleet.js';
import { markdownCode, markdownProse } from '../../../src/report/markdown.js';
import { reasonProse } from '../../../src/platform/reason.js';
import { ended, reportOf } from './report.js';
import { anyCharacter } from '../../support/any-character.js';

const rendered = (text: string) => marked.parse(text);

/** What a reader sees of a page, without its elements. */
const shown = (html: string) =>
  html
    .replace(/<\/?[a-z0-9]+>/g, '')
    .replace(/&(lt|gt|quot|#39|amp);/g, (_, name: string) => entities[name] ?? '')
    .replace(/\s+/g, ' ')
    .trim();
const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', '#39': "'", amp: '&' };

const hostile = [
  '`</code><img src=x onerror=alert(1)>',
  '| a | b |\n| --- | --- |',
  '[click](https://attacker.example) https://attacker.example www.attacker.example',
  '@everyone #1 <!-- -->',
  '\\`\\|\\',
  '::error::x\u202e\u0000\ud800',
];

test('a fleet that passed is one line and its counts', async () => {
  expect(await reportOf('markdown', [runOf(2), passed(0), flaky(1), ended])).toBe(
    [
      '### biotz-postman run `devices.csv`: all 2 passed',
      '',
      '| read | skipped | attempted | passed | flaky | failed | not attempted |',
      '| --- | --- | --- | --- | --- | --- | --- |',
      '| 4 | 2 | 2 | 2 | 1 | 0 | 0 |',
      '',
    ].join('\n'),
  );
});

test('a failed device is named with its row, reason, request and answer', async () => {
  const text = await reportOf('markdown', [
    shardOf(3, 1, 1),
    passed(0),
    failed(1, { detail: 'Invalid' }),
    ended,
  ]);
  expect(text).toContain('### biotz-postman run `devices.csv`, shard 1 of 1: 1 failed, 1 not attempted\n');
  expect(text).toContain('**Not attempted: 1.** ');
  expect(text).toContain(
    '| failed device | row | reason | request | answer |\n| --- | --- | --- | --- | --- |\n' +
      '| `pump 1` `device-1` | 3 | `invalid-user-credentials` | `Get token` HTTP 401 | `Invalid` |\n',
  );
  expect(text).toContain(
    '| 1 | the server refused this username and password (`invalid-user-credentials`) | ',
  );
});

test('a hundred failed devices are listed, and how many more there are', async () => {
  const devices = Array.from({ length: 103 }, (_, index) => failed(index));
  const text = await reportOf('markdown', [runOf(103), ...devices, ended]);
  expect(text.match(/^\| `pump/gm)).toHaveLength(100);
  expect(text.endsWith('\nand 3 more; `report.json` lists all of them.\n')).toBe(true);
});

test('the longest of everything stays below what GitHub shows', async () => {
  const long = '\u202e'.repeat(100_000);
  const devices = Array.from({ length: 103 }, (_, index) =>
    failed(index, { name: long, deviceId: `${index}${long}`, request: long, detail: long }),
  );
  const text = await reportOf('markdown', [runOf(103), ...devices, ended]);
  expect(Buffer.byteLength(text)).toBeLessThan(1024 * 1024);
});

test.each(hostile)('%j of a device or server is shown as text', async (text) => {
  const device = failed(0, { name: text, deviceId: text, request: text, detail: text });
  const html = rendered(await reportOf('markdown', [runOf(1, { file: text }), device, ended]));
  expect(html).not.toMatch(/<(a|img|script|!--)/);
  expect(html.match(/<td>/g)).toHaveLength(7 + 3 + 5);
});

test('whatever a text is, it stays in its code span and cell', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: anyCharacter }), fc.constantFrom(...hostile)), (text) => {
      const code = markdownCode(text);
      const html = rendered(`| a | b |\n| --- | --- |\n| ${code} | end |\n`);
      expect(html.replace(/<code>[^<]*<\/code>/, '').replace(/\s/g, '')).toBe(
        '<table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td></td><td>end</td></tr></tbody></table>',
      );
    }),
  );
});

test.each(Object.entries(reasonProse))(
  'the sentences of %s are shown as they are',
  (_, { meaning, remedy }) => {
    for (const text of [meaning, remedy]) expect(shown(rendered(markdownProse(text)))).toBe(text);
  },
);
