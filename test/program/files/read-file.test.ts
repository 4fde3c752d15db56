import { execFile, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { mkdir, open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { assert, asyncProperty, string } from 'fast-check';
import { describeProblem } from '../../../src/files/file-problem.js';
import { readBytes, readHead, readJson, readText } from '../../../src/files/read-file.js';
import { temporaryFolder } from '../../support/folder.js';

let folder: string;

beforeEach(async () => {
  folder = await temporaryFolder();
});

const mostBytes = 1000;

async function put(content: string | Uint8Array): Promise<string> {
  const file = join(folder, 'given');
  await writeFile(file, content);
  return file;
}

async function fifo(): Promise<string> {
  const path = join(folder, 'fifo');
  await promisify(execFile)('mkfifo', [path]);
  return path;
}

/** UTF-16 with the high byte first. */
const bigEndian = (text: string) => Buffer.from(text, 'utf16le').swap16();

describe('a text is read', () => {
  test.each<[string, string | Buffer]>([
    ['UTF-8', '{"é": "ü€😀"}'],
    ['UTF-8 with a mark', '\ufeff{"é": "ü€😀"}'],
    ['UTF-8 with two marks', '\ufeff\ufeff{"é": "ü€😀"}'],
    ['UTF-16', Buffer.from('\ufeff{"é": "ü€😀"}', 'utf16le')],
    ['UTF-16 with two marks', Buffer.from('\ufeff\ufeff{"é": "ü€😀"}', 'utf16le')],
    ['UTF-16 without a mark', Buffer.from('{"é": "ü€😀"}', 'utf16le')],
    ['big-endian UTF-16', bigEndian('\ufeff{"é": "ü€😀"}')],
    ['big-endian UTF-16 without a mark', bigEndian('{"é": "ü€😀"}')],
  ])('in %s, without its marks', async (_, content) => {
    const file = await put(content);
    expect(await readText(file, { mostBytes })).toEqual({ text: '{"é": "ü€😀"}' });
    expect(await readJson(file, { mostBytes })).toEqual({ value: { é: 'ü€😀' } });
  });

  test('whatever Unicode text it is, in every encoding', async () => {
    await assert(
      asyncProperty(string({ unit: 'binary', maxLength: 50 }), async (given) => {
        // Without a mark in front, and a letter first, by which the encoding shows.
        const text = `"${given.replaceAll('\0', '')}"`;
        for (const bytes of [
          Buffer.from(text),
          Buffer.from(`\ufeff${text}`, 'utf16le'),
          bigEndian(`\ufeff${text}`),
        ]) {
          expect(await readText(await put(bytes), { mostBytes })).toEqual({ text });
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('a file that is not text is refused, and nothing in it is replaced:', () => {
  test.each<[string, string | Buffer, object]>([
    ['Windows-1252', Buffer.from('{"a": "Gerät"}', 'latin1'), { code: 'no-unicode' }],
    ['Windows-1252 behind a mark', Buffer.from('\xef\xbb\xbfä', 'latin1'), { code: 'no-unicode' }],
    ['UTF-16 with half a character', Buffer.from('\ufeffa\ud800b', 'utf16le'), { code: 'no-unicode' }],
    ['UTF-16 of an odd length', Buffer.from([0xff, 0xfe, 0x61]), { code: 'no-unicode' }],
    ['NUL characters', 'a text with \0 in it', { code: 'no-text', kind: 'unknown' }],
    ['UTF-32', Buffer.from([0xff, 0xfe, 0, 0, 0x61, 0, 0, 0]), { code: 'no-text', kind: 'unknown' }],
    ['a workbook', 'PK\x03\x04rest', { code: 'no-text', kind: 'zip' }],
    ['a PDF', '%PDF-1.7', { code: 'no-text', kind: 'pdf' }],
    ['what age encrypted', 'age-encryption.org/v1\n-> X25519', { code: 'no-text', kind: 'age' }],
  ])('%s', async (_, content, problem) => {
    expect(await readText(await put(content), { mostBytes })).toEqual({ problem });
  });
});

describe('a file is read up to a limit:', () => {
  test('as many bytes as are allowed, and not one more', async () => {
    expect(await readBytes(await put('x'.repeat(mostBytes)), { mostBytes })).toEqual({
      bytes: Buffer.alloc(mostBytes, 'x'),
    });
    expect(await readBytes(await put('x'.repeat(mostBytes + 1)), { mostBytes })).toEqual({
      problem: { code: 'too-large', mostBytes },
    });
  });

  test('a sparse file of gigabytes is not read at all', async () => {
    const file = await put('');
    const handle = await open(file, 'r+');
    await handle.truncate(3 * 2 ** 30);
    await handle.close();
    expect(await readText(file, { mostBytes })).toEqual({ problem: { code: 'too-large', mostBytes } });
  });

  test('a pipe that never ends', async () => {
    const path = await fifo();
    const endless = spawn('sh', ['-c', 'exec yes > "$0"', path], { stdio: 'ignore' });
    expect(await readText(path, { mostBytes })).toEqual({ problem: { code: 'too-large', mostBytes } });
    endless.kill();
  });

  test('the head of a regular file only', async () => {
    expect(await readHead(await put('abc'))).toEqual({ bytes: Buffer.from('abc') });
    expect(await readHead(await fifo())).toEqual({ problem: { code: 'no-file', kind: 'pipe' } });
  });
});

describe('a file that cannot be read is refused with the reason:', () => {
  test.each<[string, object, string]>([
    ['missing', { code: 'refused', errno: 'ENOENT' }, 'cannot be read (ENOENT)'],
    ['given/below', { code: 'refused', errno: 'ENOTDIR' }, 'cannot be read (ENOTDIR)'],
    ['folder', { code: 'no-file', kind: 'folder' }, 'is a folder (EISDIR)'],
    ['socket', { code: 'no-file', kind: 'socket' }, 'is a socket, not a regular file'],
    ['/dev/zero', { code: 'no-file', kind: 'device' }, 'is a device, not a regular file'],
    ['/dev/full', { code: 'no-file', kind: 'device' }, 'is a device, not a regular file'],
    ['/proc/self/mem', { code: 'refused', errno: 'EIO' }, 'cannot be read (EIO)'],
  ])('%s', async (path, problem, words) => {
    await put('');
    await mkdir(join(folder, 'folder'));
    const server = createServer().listen(join(folder, 'socket'));
    const read = await readText(path.startsWith('/') ? path : join(folder, path), { mostBytes });
    await new Promise((resolve) => server.close(resolve));
    if (!('problem' in read)) throw new Error('it was read');
    expect(read.problem).toEqual(problem);
    expect(describeProblem(read.problem)).toBe(words);
  });

  test('a pipe where only a file is accepted', async () => {
    expect(await readText(await fifo(), { mostBytes, pipes: false })).toEqual({
      problem: { code: 'no-file', kind: 'pipe' },
    });
  });

  test('a pipe without a writer, after some time', async () => {
    expect(await readText(await fifo(), { mostBytes, writerWaitMs: 10 })).toEqual({
      problem: { code: 'no-writer', waitedMs: 10 },
    });
  });
});

test('a named pipe is read to its end, even if it is written late and slowly', async () => {
  const path = await fifo();
  const reading = readText(path, { mostBytes });
  const writer = await open(path, 'w');
  for (const piece of ['on', 'e ', 'text']) await writer.write(piece);
  await writer.close();
  expect(await reading).toEqual({ text: 'one text' });
});
