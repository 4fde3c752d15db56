import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../package/pack.js';
import { git as asNobody } from '../git/repository.js';

const person = ['-c', 'user.name=A', '-c', 'user.email=a@example.org'];

/** Runs git as a person who may commit. */
export const git = (folder: string, ...args: readonly string[]) => asNobody(folder, ...person, ...args);

/** A repository of a project that depends on this program, as `npm install` and the first commit leave it. */
export async function createRepository(folder: string): Promise<string> {
  const repository = join(folder, 'repository');
  await mkdir(repository);
  await git(repository, 'init', '--quiet', '--initial-branch', 'main');
  const manifest = { private: true, devDependencies: { 'biotz-postman': '^0.1.0' } };
  await writeFile(join(repository, 'package.json'), JSON.stringify(manifest));
  await writeFile(join(repository, 'package-lock.json'), JSON.stringify({ lockfileVersion: 3 }));
  await writeFile(join(repository, '.gitignore'), 'node_modules\n');
  await commitAll(repository);
  return repository;
}

export async function commitAll(repository: string): Promise<void> {
  await git(repository, 'add', '--all');
  await git(repository, 'commit', '--quiet', '--no-verify', '--message', 'all');
}

/** In the place of `npm ci`, which needs a registry: the built program, where npm would put it. */
export async function linkProgram(folder: string): Promise<void> {
  await mkdir(join(folder, 'node_modules/.bin'), { recursive: true });
  await symlink(root, join(folder, 'node_modules/biotz-postman'));
  await symlink('../biotz-postman/bin/biotz-postman.js', join(folder, 'node_modules/.bin/biotz-postman'));
}
