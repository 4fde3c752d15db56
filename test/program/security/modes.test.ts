import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { chmod, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { csvOf } from '../cli/fleet.js';
import { spawnProgram as program } from '../../support/program.js';
import { git, makeRepository } from '../git/repository.js';
import { startTokenServer } from '../../unit/newman/token-server.js';
import { entriesBelow, inPlace, write, writers } from './at-rest.js';

const pem = (name: string) => readFileSync(new URL(`../../fixtures/tls/${name}.pem`, import.meta.url));
const tls = { key: pem('key'), cert: pem('certificate') };

/** How many files with a secret in them each command leaves. */
const secretFiles = { generate: 4, run: 1, token: 1, serve: 1, demo: 3, keygen: 1 } as const;

describe.each(['000', '022', '077'])('with a umask of %s', (umask) => {
  test.each(Object.entries(secretFiles))('what %s writes is closed to others', (command, count) =>
    inPlace(async ({ folder, server }) => {
      const { status, stderr } = await write(writers(server)[command] ?? [], folder, umask);
      expect({ status, stderr: status === 0 || status === 1 ? '' : stderr }).toEqual({
        status: ['run', 'token'].includes(command) ? 1 : 0,
        stderr: '',
      });
      const entries = await entriesBelow(folder);
      const secrets = entries.filter(({ isSecret }) => isSecret);
      expect(secrets).toHaveLength(count);
      expect(secrets.filter(({ mode }) => mode !== '600')).toEqual([]);
      // Also what is private without a secret in it.
      const closed = entries.filter(({ path }) => /(^|\/)private(\/|$)|journal\.ndjson$/.test(path));
      const wanted = ({ kind }: { kind: string }) => (kind === 'folder' ? '700' : '600');
      expect(closed.filter((entry) => entry.mode !== wanted(entry))).toEqual([]);
      // No other user can change anything.
      expect(entries.filter(({ mode }) => (Number.parseInt(mode, 8) & 0o022) !== 0)).toEqual([]);
    }),
  );
});

test('the temporary folder of a demo is closed to others, and gone after it', () =>
  inPlace(async ({ folder }) => {
    const { status } = await program(['demo', '--devices', '1'], { env: { TMPDIR: folder } });
    expect(status).toBe(0);
    expect(await readdir(folder)).toEqual([]);
  }));

test('token --out that is killed leaves its tokens in a closed folder that git ignores', () =>
  inPlace(async ({ folder, server }) => {
    await makeRepository(folder, { '.gitignore': '/tokens.json\n/biotz-report/\n' });
    const rows = Array.from({ length: 2000 }, (_, index) => ({ id: `ok-${index}`, username: `ok-${index}` }));
    const args = ['token', '-', '--all', '--no-verify', '--out', 'tokens.json', '--concurrency', '4'];
    const { status } = await program([...args, '--token-url', server.tokenUrl], {
      cwd: folder,
      input: csvOf(rows),
      killAfter: server.reached(1000),
    });
    expect(status).toBeNull();
    const left = (await entriesBelow(folder)).filter(({ path }) => /^\.biotz-.*\.tmp/.test(path));
    expect(left.map(({ kind, mode }) => `${kind} ${mode}`)).toEqual(['folder 700', 'file 600', 'file 600']);
    expect(left.some(({ isSecret }) => isSecret)).toBe(true);
    expect(await git(folder, 'status', '--porcelain', '--untracked-files=all')).toBe('?? .gitignore\n');
  }));

test('a private/ that is open to others is closed before anything is written to it', () =>
  inPlace(async ({ folder, server }) => {
    const generate = writers(server)['generate'] ?? [];
    await write(generate, folder);
    const secret = join(folder, 'generated/private');
    await chmod(secret, 0o777);
    for (const name of await readdir(secret)) await chmod(join(secret, name), 0o666);
    await write(generate, folder);
    const files = (await entriesBelow(secret)).filter(({ isSecret }) => isSecret);
    expect(files.filter(({ mode }) => mode !== '600')).toEqual([]);
    const open = (await entriesBelow(join(folder, 'generated'))).find(({ path }) => path === 'private');
    expect(open?.mode).toBe('700');
  }));

test('SSLKEYLOGFILE makes no process write down the keys of connections', () =>
  inPlace(async ({ folder }) => {
    const keys = join(folder, 'keys');
    await writeFile(join(folder, 'devices.csv'), csvOf([{}]), { mode: 0o600 });
    const server = await startTokenServer({ tls });
    try {
      const args = ['token', 'devices.csv', '--no-verify', '--insecure', '--token-url', server.tokenUrl];
      const { status } = await program(args, { cwd: folder, env: { SSLKEYLOGFILE: keys } });
      expect(status).toBe(0);
      expect(await readdir(folder)).toEqual(['devices.csv']);
    } finally {
      await server.close();
    }
  }));
