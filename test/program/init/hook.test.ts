import { expect, test } from '@jest/globals';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inTemporaryFolder } from '../../support/folder.js';
import { spawnProgram as program } from '../../support/program.js';
import { commitAll, createRepository, git, linkProgram } from './repository.js';

const encode = (text: string) => Buffer.from(text).toString('base64url');
const token = [encode('{"alg":"HS256"}'), encode('{"sub":"canary"}'), encode('signature'.repeat(4))].join(
  '.',
);
const environment = (value: string) =>
  JSON.stringify({
    name: 'pump 7',
    values: [{ key: 'password', value, type: 'secret', enabled: true }],
    _postman_variable_scope: 'environment',
  });

/** A repository in which the hook is switched on. */
const withHook = (use: (repository: string) => Promise<void>) =>
  inTemporaryFolder(async (folder) => {
    const repository = await createRepository(folder);
    expect(await program(['init', '--yes', '--ci', 'none'], { cwd: repository })).toMatchObject({
      status: 0,
    });
    await commitAll(repository);
    await git(repository, 'config', 'core.hooksPath', '.githooks');
    await use(repository);
  });

/** Stages everything and commits it with hooks. */
async function commit(repository: string, ...args: readonly string[]) {
  await git(repository, 'add', '--all');
  return git(repository, 'commit', '--quiet', '--message', 'more', ...args).then(
    () => ({ done: true, said: '' }),
    (error: { readonly stderr: string }) => ({ done: false, said: error.stderr }),
  );
}

test.each([
  ['an environment with a password in it', 'pump.postman_environment.json', environment('canary-password')],
  ['a token', 'notes.md', `Use ${token} for now.\n`],
])('a commit with %s is refused, with the file and without the secret', (_, file, text) =>
  withHook(async (repository) => {
    await linkProgram(repository);
    await writeFile(join(repository, file), text);
    const { done, said } = await commit(repository);
    expect(done).toBe(false);
    expect(said).toContain(file);
    expect(said).not.toMatch(/canary|eyJ/);
    expect(await git(repository, 'log', '--format=%s')).toBe('all\nall\n');
  }),
);

test('the staged content counts, not the file in the folder', () =>
  withHook(async (repository) => {
    await linkProgram(repository);
    const file = join(repository, 'pump.postman_environment.json');
    await writeFile(file, environment('canary-password'));
    await git(repository, 'add', '--all');
    await writeFile(file, environment(''));
    await expect(git(repository, 'commit', '--quiet', '--message', 'more')).rejects.toThrow(
      'postman_environment',
    );
  }));

test('a commit without a secret goes through', () =>
  withHook(async (repository) => {
    await linkProgram(repository);
    await writeFile(join(repository, 'pump.postman_environment.json'), environment(''));
    expect(await commit(repository)).toEqual({ done: true, said: '' });
  }));

test('if the program is not installed, nothing is committed, and the message says what to do', () =>
  withHook(async (repository) => {
    await writeFile(join(repository, 'notes.md'), 'Nothing secret.\n');
    const { done, said } = await commit(repository);
    expect(done).toBe(false);
    expect(said).toContain('run "npm ci" and commit again');
    expect(await commit(repository, '--no-verify')).toMatchObject({ done: true });
  }));
