import { describe, expect, test } from '@jest/globals';
import { array, assert, constantFrom, oneof, property, string } from 'fast-check';
import { execFileSync } from 'node:child_process';
import { runInNewContext } from 'node:vm';
import {
  httpieValue,
  javaScriptString,
  powerShellString,
  pythonString,
} from '../../../src/snippet/literals.js';
import { shellWord } from '../../../src/text/shell-words.js';
import { isInstalled, whereInstalled } from '../cli/installed.js';

const characters = '\'"`\\$(){}[]&|;<>#!*?~=@:%-+ ux\n\r\t\u001b\u202e\u2019\u2028é😀'.match(/./gsu) ?? [];
const phrases = ['$(exit 1)', '`exit 1`', '${HOME}', "'; exit 1 #", '\\u0027', '{{username}}', '##vso['];

/** Texts in which what means something to a shell or language is likely. */
const texts = array(
  string({
    unit: oneof(
      constantFrom(...characters),
      constantFrom(...phrases),
      string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
    ),
    maxLength: 12,
  }),
  { minLength: 1, maxLength: 20 },
);

interface Reader {
  readonly command: string;
  /** Writes the texts, lets the program read them, and gives what it understood. */
  readonly read: (all: readonly string[]) => unknown;
  readonly numRuns: number;
  /** Makes a text one that the program can be given; an argument has no NUL. */
  readonly writable?: (text: string) => string;
}

const withoutNul = (text: string) => text.replaceAll('\0', '');

const inShell = (command: string): Reader => ({
  command,
  read: (all) => {
    const script = String.raw`printf '%s\0' ${all.map(shellWord).join(' ')}`;
    return execFileSync(command, ['-c', script]).toString().split('\0').slice(0, -1);
  },
  numRuns: 25,
  writable: withoutNul,
});

const httpie = '--ignore-stdin --offline --form --print=B --pretty=none POST localhost'.split(' ');
const python = 'import ast, json, sys; print(json.dumps(ast.literal_eval(sys.stdin.read())))';

const readers: readonly Reader[] = [
  ...['sh', 'bash', 'zsh', 'fish'].map(inShell).filter(isInstalled),
  {
    command: 'node',
    read: (all) =>
      JSON.parse(String(runInNewContext(`JSON.stringify([${all.map(javaScriptString).join(',')}])`))),
    numRuns: 100,
  },
  {
    command: 'python3',
    read: (all) => {
      const input = `[${all.map(pythonString).join(',')}]`;
      return JSON.parse(execFileSync('python3', ['-c', python], { input }).toString());
    },
    numRuns: 10,
  },
  {
    command: 'http',
    read: (all) => {
      const items = all.map((text, index) => `f${index}=${httpieValue(text)}`);
      const printed = execFileSync('http', [...httpie, ...items])
        .toString()
        .trim();
      return [...new URLSearchParams(printed).values()];
    },
    numRuns: 5,
    writable: (text) => (httpieValue(text) === undefined ? '@' : withoutNul(text)),
  },
];

test.each(whereInstalled(readers, 'literals'))(
  '$command reads what is written for it as the text that it was made from',
  ({ read, numRuns, writable = String }) => {
    assert(
      property(texts, (all) => {
        const given = all.map((text) => writable(text));
        expect(read(given)).toEqual(given);
      }),
      { numRuns },
    );
  },
);

test('strings of JavaScript and Python contain only ASCII', () => {
  assert(
    property(texts, (all) => {
      expect([...all.map(javaScriptString), ...all.map(pythonString)].join('')).toMatch(/^[ -~]*$/);
    }),
  );
});

describe('PowerShell', () => {
  /** What its parser does with an expression of strings and numbered characters. */
  const read = (expression: string) =>
    [...expression.matchAll(/'((?:[^']|'')*)'|\[char\]0x([0-9a-f]{4})/g)]
      .map(([, quoted, unit]) =>
        unit === undefined
          ? (quoted ?? '').replaceAll("''", "'")
          : String.fromCodePoint(Number.parseInt(unit, 16)),
      )
      .join('');

  test.each([
    ['', "''"],
    ["it's", "'it''s'"],
    ['$(exit) `n "', `'$(exit) \`n "'`],
    ['‘’‚‛', "('' + [char]0x2018 + [char]0x2019 + [char]0x201a + [char]0x201b)"],
    ['aé\nb', "('a' + [char]0x00e9 + [char]0x000a + 'b')"],
    ['😀', "('' + [char]0xd83d + [char]0xde00)"],
    ['##vso[', "('#' + [char]0x0023 + 'vso[')"],
  ])('%j is written as %s', (text, expression) => {
    expect(powerShellString(text)).toBe(expression);
  });

  test('gets only quoted ASCII and numbers, which form the text again', () => {
    const string = "'(?:[ -&(-~]|'')*'";
    const term = String.raw`(?:\[char\]0x[0-9a-f]{4}|${string})`;
    const whole = new RegExp(String.raw`^(?:${string}|\(${string}(?: \+ ${term})+\))$`);
    assert(
      property(texts, (all) => {
        for (const text of all) {
          expect(powerShellString(text)).toMatch(whole);
          expect(read(powerShellString(text))).toBe(text);
        }
      }),
    );
  });
});

test.each([String.raw`\@`, String.raw`a\\\=`, String.raw`\:b`, String.raw`x\;`])(
  'HTTPie has no way to write %s',
  (text) => {
    expect(httpieValue(text)).toBeUndefined();
  },
);
