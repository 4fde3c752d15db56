import { spawn } from 'node:child_process';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { Journal } from '../../../src/journal/journal.js';
import { readJournal } from '../../../src/journal/read-journal.js';
import { inTemporaryFolder } from '../../support/folder.js';
import { all, passed, runOf } from '../../unit/journal/fleet.js';

const built = fileURLToPath(new URL('../../../dist/journal/journal.js', import.meta.url));
const devices = 100_000;

/** A program that journals one device after another, and says so of each. */
const source = (file: string) => `
  import { writeSync } from 'node:fs';
  import { Journal } from ${JSON.stringify(built)};
  const journal = await Journal.create(${JSON.stringify(file)}, ${JSON.stringify(runOf(devices))});
  for (let index = 0; index < ${devices}; index++) {
    try {
      journal.append([{ ...${JSON.stringify(passed(0))}, index }]);
    } catch (error) {
      writeSync(1, error.code + ' ' + error.args.reason + '\\n');
      break;
    }
    writeSync(1, index + '\\n');
  }`;

/** Runs that program by a shell's command line with `$0` for it, until it has said something. */
async function journalling(folder: string, command: string, until: (line: string) => boolean) {
  const script = join(folder, 'journalling.mjs');
  const file = join(folder, 'journal.ndjson');
  await writeFile(script, source(file));
  const child = spawn('sh', ['-c', command, process.execPath, script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise((resolve) => {
    child.on('close', resolve);
  });
  let last = '';
  for await (const line of createInterface(child.stdout)) {
    last = line;
    if (until(line)) child.kill('SIGKILL');
  }
  await ended;
  return { file, last };
}

test('every device that was reported survives SIGKILL', () =>
  inTemporaryFolder(async (folder) => {
    const { file, last } = await journalling(folder, 'exec "$0" "$1"', (line) => line === '50');
    const reported = Number(last);
    expect(reported).toBeGreaterThanOrEqual(50);
    const journal = await Journal.resume(file, runOf(devices), 'rest');
    for (let index = 0; index <= reported; index++) expect(journal.has(index)).toBe(true);
    expect(journal.results - reported).toBeLessThanOrEqual(2);
    await journal.close();
  }));

test('a full disk leaves whole lines, and says so', () =>
  inTemporaryFolder(async (folder) => {
    // 16 blocks of 512 bytes; Node ignores SIGXFSZ, so that the write fails as on a full disk.
    const { file, last } = await journalling(folder, 'ulimit -f 16; exec "$0" "$1"', () => false);
    expect(last).toBe('OUTPUT_NOT_WRITTEN EFBIG');
    expect((await readFile(file, 'utf8')).endsWith('}\n')).toBe(true);
    const records = await all(readJournal(file));
    expect(records.length).toBeGreaterThan(10);
    const journal = await Journal.resume(file, runOf(devices), 'rest');
    expect(journal.results).toBe(records.length - 1);
    await journal.close();
  }));

test.each(['000', '777'])('a journal is for its owner only with a umask of %s', (umask) =>
  inTemporaryFolder(async (folder) => {
    const command = `umask ${umask}; ulimit -f 16; exec "$0" "$1"`;
    const { file } = await journalling(folder, command, () => false);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  }),
);
