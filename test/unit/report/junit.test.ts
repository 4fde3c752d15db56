import { expect, test } from '@jest/globals';
import { DOMParser, type Document, type Element } from '@xmldom/xmldom';
import * as fc from 'fast-check';
import type { JournalRecord } from '../../../src/journal/record.js';
import { failed, flaky, passed, runOf, shardOf } from '../journal/fleet.js';
import { ended, reportOf } from './report.js';
import { anyCharacter } from '../../support/any-character.js';

/** What XML 1.0 allows in a document (https://www.w3.org/TR/xml/#NT-Char). */
const characters = /^[\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]*$/u;

/** The elements and attributes of Jenkins' junit-10.xsd; `file` and `line` are pytest's and GitLab's. */
const schema: Readonly<Record<string, { readonly attributes: string; readonly children: string }>> = {
  testsuites: { attributes: 'name tests failures errors time', children: 'testsuite' },
  testsuite: {
    attributes: 'name tests failures errors skipped time timestamp',
    children: 'properties testcase',
  },
  properties: { attributes: '', children: 'property' },
  property: { attributes: 'name value', children: '' },
  testcase: { attributes: 'classname name file line time', children: 'failure error system-out' },
  failure: { attributes: 'message type', children: '' },
  error: { attributes: 'message type', children: '' },
  'system-out': { attributes: '', children: '' },
};

const childrenOf = (element: Element) => Array.from(element.childNodes).filter(isElement);
const isElement = (node: { readonly nodeType: number }): node is Element => node.nodeType === 1;
const below = (parent: Document | Element, name: string): readonly Element[] =>
  Array.from(parent.getElementsByTagName(name));

function requireSchema(element: Element): void {
  const { attributes, children } = schema[element.tagName] ?? { attributes: 'none', children: '' };
  const names = Array.from(element.attributes).map(({ name }) => name);
  expect({ [element.tagName]: names.filter((name) => !attributes.split(' ').includes(name)) }).toEqual({
    [element.tagName]: [],
  });
  for (const child of childrenOf(element)) {
    expect(children.split(' ')).toContain(child.tagName);
    requireSchema(child);
  }
}

/** Reads a JUnit report, once it is sure that others can. */
async function junitOf(records: readonly JournalRecord[]): Promise<Document> {
  const text = await reportOf('junit', records);
  expect(characters.test(text)).toBe(true);
  const onError = (level: string, message: string) => {
    // U+FFFD is a character like any other.
    if (!message.startsWith('Unicode replacement character')) throw new Error(`${level}: ${message}`);
  };
  const document = new DOMParser({ onError }).parseFromString(text, 'text/xml');
  const [root] = below(document, 'testsuites');
  if (root === undefined) throw new Error('no <testsuites>');
  requireSchema(root);
  for (const suite of [root, ...below(document, 'testsuite')]) {
    for (const [total, name] of Object.entries({ tests: 'testcase', failures: 'failure', errors: 'error' })) {
      expect(suite.getAttribute(total)).toBe(String(below(suite, name).length));
    }
  }
  return document;
}

const attributesOf = (element: Element | undefined) =>
  Object.fromEntries(Array.from(element?.attributes ?? []).map(({ name, value }) => [name, value]));

test('a device is a test case with the place of its row', async () => {
  const document = await junitOf([runOf(1), passed(0), ended]);
  expect(attributesOf(below(document, 'testsuite')[0])).toEqual({
    name: 'devices.csv',
    tests: '1',
    failures: '0',
    errors: '0',
    skipped: '0',
    time: '2.000',
    timestamp: '2026-01-31T12:00:00',
  });
  expect(attributesOf(below(document, 'testcase')[0])).toEqual({
    classname: 'biotz-postman.run',
    name: 'pump 0 (device-0)',
    file: 'devices.csv',
    line: '2',
    time: '0.013',
  });
});

test('a failure says what failed, where, why, and what to do', async () => {
  const failure = failed(0, {
    detail: 'Invalid <user> & "credentials"',
    attempts: 2,
    retried: ['connection-refused'],
  });
  const [element] = below(await junitOf([runOf(1), failure, ended]), 'failure');
  expect(attributesOf(element)).toEqual({
    message: 'the server refused this username and password',
    type: 'invalid-user-credentials',
  });
  const lines = element?.textContent?.split('\n') ?? [];
  expect(lines).toEqual([
    'devices.csv:2',
    'Device: pump 0 (device id device-0, user name device-0@devices.data-ingestion.biotz.io)',
    'Request: Get token (HTTP 401)',
    'Reason: the server refused this username and password [invalid-user-credentials]',
    'Answer: Invalid <user> & "credentials"',
    expect.stringContaining('What to do: The password is wrong'),
    'Attempts: 2; reasons of the earlier failures: connection-refused',
  ]);
});

test('a flaky device passes, and says so', async () => {
  const document = await junitOf([runOf(1), flaky(0, 'timeout'), ended]);
  expect(below(document, 'system-out')[0]?.textContent).toBe('Flaky: passed at attempt 2, after timeout');
});

test('devices that were not attempted keep CI from showing all green', async () => {
  const document = await junitOf([runOf(3), passed(0), { ...ended, end: 'interrupted' }]);
  expect(attributesOf(below(document, 'error')[0])).toEqual({
    message: '2 devices were not attempted',
    type: 'interrupted',
  });
  const properties = below(document, 'property').map(attributesOf);
  expect(properties).toContainEqual({ name: 'notAttempted', value: '2' });
  expect(properties).toContainEqual({ name: 'end', value: 'interrupted' });
});

test('a shard names itself', async () => {
  const [suite] = below(await junitOf([shardOf(4, 2, 3)]), 'testsuite');
  expect(suite?.getAttribute('name')).toBe('devices.csv, shard 2 of 3');
});

test('whatever a device is called and a server says, the report is well-formed and harmless', async () => {
  const hostile = 'a\u0000\u001b[2J\u0085\ud800\udc00\udfff\ufffe\uffff]]>&<!--\u202e"\'\n::error::x';
  const document = await junitOf([
    runOf(1, { file: hostile }),
    failed(0, { name: hostile, deviceId: hostile, username: hostile, detail: hostile, request: hostile }),
  ]);
  const shown =
    'a\\u{0}\\u{1b}[2J\\u{85}\ud800\udc00\\u{dfff}\\u{fffe}\\u{ffff}]]>&<!--\\u{202e}"\'\\u{a}: :error: :x';
  expect(below(document, 'testsuite')[0]?.getAttribute('name')).toBe(shown);
  expect(below(document, 'testcase')[0]?.getAttribute('name')).toBe(shown);
  expect(below(document, 'failure')[0]?.textContent).toContain(`Answer: ${shown}\n`);
});

test('any text at all is well-formed', async () => {
  const text = fc.string({ unit: anyCharacter, maxLength: 40 });
  const unit = fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code));
  const halves = fc.string({ unit, maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(fc.oneof(text, halves), async (any) => {
      const devices = [failed(0, { name: any, detail: any }), passed(1, { name: any })];
      const document = await junitOf([runOf(2, { file: any }), ...devices]);
      expect(below(document, 'testcase')).toHaveLength(devices.length);
    }),
    { numRuns: 50 },
  );
});
