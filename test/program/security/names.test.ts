import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { csvOf, type Row } from '../cli/fleet.js';
import { inTemporaryFolder } from '../../support/folder.js';
import { program } from '../../support/program.js';
import { startTokenServer, type TokenServer } from '../../unit/newman/token-server.js';

/** `::` is changed when a text is made harmless, and a space when a file's name is made. */
const password = 'Zx9::Canary Q7';
const traces = /Z[\W_]*x[\W_]*9[\W_]*C[\W_]*a(?:u\{\w+\}|[\W_])*n|Q2FuYXJ5|CanaryQ7|%43%61%6e/i;

/** Devices with their password in their name, in ways that a redactor knows. */
const names = [
  password,
  `Pump ${password} of hall 7`,
  `Pump ${password.toUpperCase()}`,
  `Pump ${encodeURIComponent(password)}`,
  `Pump ${Buffer.from(password).toString('base64')}`,
  `Pump ${Buffer.from(`user:${password}`).toString('base64')}`,
  `Pump ${Array.from(Buffer.from(password), (byte) => `%${byte.toString(16)}`).join('')}`,
  `Pump Zx9-Canary-Q7`.replace('Zx9-', 'Zx9::').replace('-Q7', ' Q7'),
  `Pump ${password.slice(0, 9)}…`,
  `Pump ${Array.from(password).join(' ')}`,
  `Pump ${password.replace('Canary', 'Ca_nary')} of hall 8`,
  `Pump ${password.replace('Canary', 'Ca\u202en\u200bary')}`,
];
const rows = (kind: string): readonly Row[] =>
  names.map((name, at) => ({ id: `${kind}-${at}`, username: `${kind}-${at}`, name, password }));

let server: TokenServer;
beforeAll(async () => {
  server = await startTokenServer();
});
afterAll(() => server.close());

/** All that a command printed and wrote, with the names of the files; private files but for their names. */
async function everythingOf(args: readonly string[], input: string) {
  return inTemporaryFolder(async (folder) => {
    const { status, stdout, stderr } = await program(args, { cwd: folder, input });
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
    const texts = await Promise.all(
      files.map(async (file) => (file.includes('private') ? nameIn(file) : readFile(file, 'utf8'))),
    );
    return { status, text: [stdout, stderr, ...files, ...texts].join('\n') };
  });
}

/** What Postman shows of a private environment is its name. */
async function nameIn(file: string): Promise<string> {
  if (!file.endsWith('environment.json')) return '';
  return (JSON.parse(await readFile(file, 'utf8')) as { name: string }).name;
}

const fleet = [
  '--verbose',
  '--retries',
  '1',
  '--max-failures',
  '100%',
  '--reporters',
  'cli,json,junit,ndjson',
];
const commands: readonly (readonly [what: string, kind: string, ...args: string[]])[] = [
  ['run, passed', 'ok', 'run', '-', ...fleet],
  ['run, failed', 'wrong', 'run', '-', ...fleet],
  ['run, retried', 'once-reset', 'run', '-', ...fleet],
  ['token --all, passed', 'ok', 'token', '-', '--all', '--no-verify', ...fleet],
  ['token --all, failed', 'wrong', 'token', '-', '--all', '--no-verify', ...fleet],
  ['token of one device', 'wrong', 'token', '-', '--device', 'wrong-1', '--no-verify', '--verbose'],
  ['doctor', 'ok', 'doctor', '-'],
  ['doctor --format json', 'wrong', 'doctor', '-', '--format', 'json'],
];

describe('a password in the name of its device is not shown', () => {
  test.each(commands)('by %s', async (_what, kind, ...args) => {
    const { text } = await everythingOf([...args, '--token-url', server.tokenUrl], csvOf(rows(kind)));
    expect(text).toContain('[redacted]');
    expect(text).not.toMatch(traces);
  });

  test('by generate, nor in the names of files and environments', async () => {
    const { status, text } = await everythingOf(['generate', '-', '--all'], csvOf(rows('ok')));
    expect(status).toBe(0);
    expect(text).toContain('Pump-redacted-of-hall-7');
    expect(text).not.toMatch(traces);
  });

  test('by snippet, nor where a name is ambiguous', async () => {
    const snippet = await everythingOf(['snippet', '-', '--for', 'curl'], csvOf(rows('ok').slice(1, 2)));
    expect(snippet.text).toContain('logs Pump [redacted] of hall 7 in');
    const twins = csvOf(
      ['a', 'b'].map((id) => ({ id, username: `${id}@x`, name: names[1] ?? '', password })),
    );
    for (const command of ['snippet', 'token', 'generate', 'doctor']) {
      const { status, text } = await everythingOf([command, '-', '--device', names[1] ?? ''], twins);
      expect(status).toBe(2);
      expect(text).toContain('Pump [redacted] of hall 7');
      expect(snippet.text + text).not.toMatch(traces);
    }
  });
});

describe('a password that is a word of ours', () => {
  test.each(['a', 'token', 'server', 'refused'])('hides no reason: %s', async (word) => {
    const row = { id: 'wrong-0', username: 'wrong-0', name: 'Pump 7', password: word };
    const args = ['-', '--no-verify', '--token-url', server.tokenUrl];
    const { status, text } = await everythingOf(['token', ...args], csvOf([row]));
    expect(status).toBe(1);
    expect(text).toContain('the server refused this username and password [invalid-user-credentials]');
    const run = await everythingOf(['token', ...args, '--all', '--verbose'], csvOf([row]));
    expect(run.text).toContain('the server refused this username and password [invalid-user-credentials]');
    expect(run.text).toContain('Get token');
  });
});
