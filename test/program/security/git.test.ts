import { describe, expect, test } from '@jest/globals';
import { chmod, lstat, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { csvOf } from '../cli/fleet.js';
import { spawnProgram as program } from '../../support/program.js';
import { git, makeRepository } from '../git/repository.js';
import { entriesBelow, inPlace, write, writers } from './at-rest.js';

describe('where git would take secrets along, nothing is written or sent', () => {
  const altered = (path: string) => ({ files: { [path]: '# nothing\n' }, tracked: [] });
  test.each([
    ['token', '--out', { files: {}, tracked: [] }],
    ['serve', '--out', { files: {}, tracked: [] }],
    ['demo', '--keep', { files: {}, tracked: [] }],
    ['keygen', '--out', { files: {}, tracked: [] }],
    ['generate', '--out', altered('generated/private/.gitignore')],
    ['run', '--report-dir', altered('biotz-report/private/.gitignore')],
    ['demo', '--keep', { ...altered('kept/generated/private/.gitignore'), ignore: '/kept/devices.csv\n' }],
    [
      'generate',
      '--out',
      { files: { 'generated/private/old.json': '' }, tracked: ['generated/private/old.json'] },
    ],
    ['run', '--report-dir', { files: { 'biotz-report/private/a': '' }, tracked: ['biotz-report/private/a'] }],
    ['token', '--out', { files: { 'tokens.json': '' }, tracked: ['tokens.json'], ignore: '*\n' }],
  ] as const)('by %s (%s) %#', (command, option, { files, tracked, ...rest }) =>
    inPlace(async ({ folder, server }) => {
      const ignore = 'ignore' in rest ? { '.gitignore': rest.ignore } : {};
      await makeRepository(folder, { ...files, ...ignore }, tracked);
      const before = await entriesBelow(folder);
      const { status, stderr } = await write(writers(server)[command] ?? [], folder);
      expect(status).toBe(2);
      expect(stderr).toContain('[OUTPUT_NOT_IGNORED]');
      expect(stderr).toContain(`(${option})`);
      expect(stderr).toMatch(/[Aa]dd the line \/\S+ to /);
      expect(await entriesBelow(folder)).toEqual(before);
      expect(server.usernames).toEqual([]);
    }),
  );

  test.each(['generate', 'run', 'token', 'serve', 'demo', 'keygen'])(
    '%s works where it is ignored, and git sees no secret',
    (command) =>
      inPlace(async ({ folder, server }) => {
        await makeRepository(folder, { '.gitignore': 'tokens.json\ndevices.csv\nidentity.txt\n' });
        const { status } = await write(writers(server)[command] ?? [], folder);
        expect(status).toBe(['run', 'token'].includes(command) ? 1 : 0);
        const seen = (await git(folder, 'ls-files', '--others', '--exclude-standard')).split('\n');
        const secrets = (await entriesBelow(folder)).filter(({ isSecret }) => isSecret);
        expect(secrets.length).toBeGreaterThan(0);
        expect(secrets.filter(({ path }) => seen.includes(path))).toEqual([]);
      }),
  );

  test('if git is not installed, that is reported and the file is written; private/ needs no git', () =>
    inPlace(async ({ folder, server }) => {
      await makeRepository(folder);
      await writeFile(join(folder, 'devices.csv'), csvOf([{}]), { mode: 0o600 });
      const calling = { cwd: folder, env: { PATH: '/nowhere' } };
      const where = ['--token-url', server.tokenUrl];
      const args = ['token', 'devices.csv', '--all', '--no-verify', '--out', 'tokens.json', ...where];
      const token = await program(args, calling);
      expect(token.status).toBe(0);
      expect(token.stderr).toMatch(
        /tokens\.json: warning: Git could not be asked .*ENOENT.*\[git-not-asked\]/,
      );
      const generate = await program(['generate', 'devices.csv'], calling);
      expect(generate).toMatchObject({ status: 0, stderr: expect.not.stringContaining('warning') });
    }));
});

describe('check points out', () => {
  const check = async (folder: string, ...args: string[]) => {
    const { status, stdout } = await program(['check', 'devices.csv', '--format', 'json', ...args], {
      cwd: folder,
    });
    expect(status).toBe(0);
    const { ok, counts, diagnostics } = JSON.parse(stdout) as {
      ok: boolean;
      counts: { warnings: number };
      diagnostics: { file: string; code: string; severity: string; next: string }[];
    };
    expect({ ok, warnings: counts.warnings }).toEqual({ ok: true, warnings: diagnostics.length });
    expect(diagnostics.filter(({ severity }) => severity !== 'warning')).toEqual([]);
    return diagnostics.map(({ file, code, next }) => `${file} ${code}: ${next}`);
  };
  const repositoryWith = async (folder: string, ignored = '', tracked: readonly string[] = []) =>
    makeRepository(folder, { 'devices.csv': csvOf([{}]), '.gitignore': ignored }, tracked);

  test('nothing where everything is closed and ignored', () =>
    inPlace(async ({ folder, server }) => {
      await repositoryWith(folder, '/devices.csv\n');
      await write(writers(server)['generate'] ?? [], folder);
      expect(await check(folder)).toEqual([]);
    }));

  test('a credentials file that others may read', () =>
    inPlace(async ({ folder }) => {
      await writeFile(join(folder, 'devices.csv'), csvOf([{}]));
      await chmod(join(folder, 'devices.csv'), 0o640);
      expect(await check(folder)).toEqual([
        'devices.csv file-readable-by-others: Restrict its mode: chmod 600 devices.csv',
      ]);
    }));

  test('a credentials file that git does not ignore, with the line that helps', () =>
    inPlace(async ({ folder }) => {
      await repositoryWith(folder);
      expect(await check(folder)).toEqual([
        expect.stringMatching(/^devices\.csv file-not-ignored: Add the line \/devices\.csv to /),
      ]);
    }));

  test('a credentials file that git tracks, though it is ignored', () =>
    inPlace(async ({ folder }) => {
      await repositoryWith(folder, '*\n', ['devices.csv']);
      expect(await check(folder)).toEqual([
        expect.stringMatching(/^devices\.csv file-tracked: .*git rm --cached/),
      ]);
    }));

  test('what generate wrote, if it was opened to others or removed from .gitignore', () =>
    inPlace(async ({ folder, server }) => {
      await repositoryWith(folder, '/devices.csv\n');
      await write(writers(server)['generate'] ?? [], folder);
      const secret = join(folder, 'generated/private');
      await chmod(secret, 0o755);
      await chmod(join(secret, 'devices.data.json'), 0o644);
      await writeFile(join(secret, '.gitignore'), '');
      expect((await check(folder)).map((line) => line.split(':')[0])).toEqual([
        'generated/private file-readable-by-others',
        'generated/private file-not-ignored',
        'generated/private/devices.data.json file-readable-by-others',
      ]);
    }));

  test('an identity, but not what is encrypted for it', () =>
    inPlace(async ({ folder }) => {
      const calling = { cwd: folder, input: csvOf([{}]) };
      const { stdout } = await program(['share', 'keygen', '--out', 'identity.txt'], calling);
      await program(['share', '-', '--to', stdout.trim(), '--out', 'devices.csv'], calling);
      await makeRepository(folder);
      expect((await lstat(join(folder, 'devices.csv'))).mode & 0o777).toBe(0o644);
      expect(await check(folder, '--identity', 'identity.txt')).toEqual([
        expect.stringMatching(/^identity\.txt file-not-ignored: /),
      ]);
      await chmod(join(folder, 'identity.txt'), 0o604);
      expect((await check(folder, '--identity', 'identity.txt'))[0]).toBe(
        'identity.txt file-readable-by-others: Restrict its mode: chmod 600 identity.txt',
      );
    }));

  test('no standard input', () =>
    inPlace(async ({ folder }) => {
      await makeRepository(folder);
      const { status, stderr } = await program(['check', '-'], { cwd: folder, input: csvOf([{}]) });
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    }));
});

test('every other command says once that others may read the credentials file, and asks no git', () =>
  inPlace(async ({ folder, server }) => {
    await makeRepository(folder, { 'devices.csv': csvOf([{}]) }, ['devices.csv']);
    await chmod(join(folder, 'devices.csv'), 0o644);
    await mkdir(join(folder, 'out'));
    const where = ['--token-url', server.tokenUrl];
    for (const args of [
      ['run', 'devices.csv', ...where],
      ['token', 'devices.csv', '--no-verify', ...where],
      ['snippet', 'devices.csv'],
      ['generate', 'devices.csv', '--out', 'out'],
    ]) {
      const { status, stderr } = await program(args, { cwd: folder });
      expect(status).toBe(0);
      expect(stderr.match(/\[file-[a-z-]+\]/g)).toEqual(['[file-readable-by-others]']);
    }
  }));
