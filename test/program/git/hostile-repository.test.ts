import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { appendFile, chmod, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { csvOf } from '../cli/fleet.js';
import { inTemporaryFolder } from '../../support/folder.js';
import { spawnProgram as program } from '../../support/program.js';
import { startTokenServer, type TokenServer } from '../../unit/newman/token-server.js';
import { git, makeRepository } from './repository.js';

const hooks = ['post-index-change', 'pre-commit', 'reference-transaction', 'fsmonitor-watchman'];

/** Everything by which a configuration names a program, with what Git's documentation says starts it. */
const configOf = (canary: string, folder: string): Readonly<Record<string, string>> => ({
  'core.fsmonitor': canary,
  'core.hooksPath': join(folder, 'hooks'),
  'core.sshCommand': canary,
  'core.gitProxy': canary,
  'core.askPass': canary,
  'core.pager': canary,
  'core.editor': canary,
  'core.alternateRefsCommand': canary,
  'core.untrackedCache': 'true',
  'credential.helper': `!${canary}`,
  'diff.external': canary,
  'diff.x.command': canary,
  'diff.x.textconv': canary,
  'filter.x.clean': canary,
  'filter.x.smudge': canary,
  'filter.x.process': canary,
  'filter.x.required': 'true',
  'merge.x.driver': canary,
  'gpg.program': canary,
  'log.showSignature': 'true',
  'interactive.diffFilter': canary,
  'uploadpack.packObjectsHook': canary,
  'submodule.sub.update': `!${canary}`,
  'submodule.recurse': 'true',
  'diff.submodule': 'diff',
  'color.ui': 'always',
  ...Object.fromEntries(
    ['ls-files', 'check-ignore', 'diff', 'cat-file', 'rev-parse', 'config', 'remote'].flatMap((command) => [
      [`alias.${command}`, `!${canary}`],
      [`pager.${command}`, canary],
    ]),
  ),
  'protocol.allow': 'always',
  'protocol.ext.allow': 'always',
  'core.repositoryFormatVersion': '1',
  'extensions.partialClone': 'origin',
  'remote.origin.promisor': 'true',
  'remote.origin.partialCloneFilter': 'blob:none',
  'remote.origin.uploadpack': canary,
  'remote.origin.url': `ext::${canary} %S`,
  'fetch.recurseSubmodules': 'true',
});

/** The same in variables, which a hook or a CI job may have from others. */
const variablesOf = (canary: string, folder: string): Readonly<Record<string, string>> => ({
  GIT_EXTERNAL_DIFF: canary,
  GIT_SSH: canary,
  GIT_SSH_COMMAND: canary,
  GIT_PROXY_COMMAND: canary,
  GIT_ASKPASS: canary,
  GIT_PAGER: canary,
  GIT_EDITOR: canary,
  GIT_CONFIG_COUNT: '1',
  GIT_CONFIG_KEY_0: 'core.fsmonitor',
  GIT_CONFIG_VALUE_0: canary,
  GIT_CONFIG_PARAMETERS: `'core.fsmonitor'='${canary}'`,
  GIT_ALLOW_PROTOCOL: 'ext:ssh:file',
  GIT_NO_LAZY_FETCH: '0',
  ...Object.fromEntries(
    ['TRACE', 'TRACE_SETUP', 'TRACE2', 'TRACE2_EVENT'].map((name) => [
      `GIT_${name}`,
      join(folder, 'canary-started'),
    ]),
  ),
});

/** A program that leaves a trace, and whether it has. */
async function canaryIn(folder: string) {
  const trace = join(folder, 'canary-started');
  const canary = join(folder, 'canary');
  await writeFile(canary, `#!/bin/sh\necho "$0 $*" >> '${trace}'\nexit 1\n`);
  await chmod(canary, 0o755);
  const traces = () =>
    readFile(trace, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return '';
      throw error;
    });
  return { canary, traces };
}

/** A repository with a staged file whose content is missing, and with a configuration as hostile as it can be. */
async function makeHostile(folder: string, canary: string): Promise<string> {
  const repository = join(folder, 'repository');
  await mkdir(repository);
  const files = {
    'devices.csv': csvOf([{}]),
    '.gitignore': 'devices.csv\nbiotz-report\ngenerated\ntokens.json\nidentity.txt\n',
    '.gitattributes': '* diff=x filter=x merge=x\n',
    'a.txt': 'a\n',
    'missing.txt': 'missing\n',
  };
  await makeRepository(repository, files, ['.gitattributes', 'a.txt', 'missing.txt']);
  await mkdir(join(folder, 'hooks'));
  for (const hook of hooks) {
    await symlink(canary, join(folder, 'hooks', hook));
    await symlink(canary, join(repository, '.git/hooks', hook));
  }
  const object = await objectOf(repository);
  await rm(join(repository, '.git/objects', object.slice(0, 2), object.slice(2)));
  // Half of it where a configuration is seldom looked for.
  const included = join(folder, 'included');
  const lines = Object.entries(configOf(canary, folder)).map(configLine);
  await writeFile(included, lines.filter((_, at) => at % 2 === 0).join(''));
  await appendFile(join(repository, '.git/config'), lines.filter((_, at) => at % 2 === 1).join(''));
  await git(repository, 'config', 'include.path', included);
  return repository;
}

/** A setting by its whole name, which in a file is a section, perhaps a part in quotes, and a name. */
function configLine([key, value]: readonly [string, string]): string {
  const [, section = '', part, name = ''] = /^(\w+)\.(?:(.+)\.)?([\w-]+)$/.exec(key) ?? [];
  return `[${section}${part === undefined ? '' : ` "${part}"`}]\n${name} = ${JSON.stringify(value)}\n`;
}

const objectOf = async (repository: string) =>
  (await git(repository, 'ls-files', '--stage', 'missing.txt')).split(' ')[1] ?? '';

describe('a repository that names programs', () => {
  let server: TokenServer;
  beforeAll(async () => {
    server = await startTokenServer();
  });
  afterAll(() => server.close());

  test('starts them for a person who types git commands', () =>
    inTemporaryFolder(async (folder) => {
      const { canary, traces } = await canaryIn(folder);
      const repository = await makeHostile(folder, canary);
      await git(repository, 'status').catch(() => undefined);
      const afterStatus = await traces();
      expect(afterStatus).toContain(canary);
      await git(repository, 'cat-file', '-p', await objectOf(repository)).catch(() => undefined);
      expect((await traces()).length).toBeGreaterThan(afterStatus.length);
    }));

  test.each([
    ['check devices.csv', 0],
    ['generate devices.csv', 0],
    ['run devices.csv --token-url URL', 0],
    ['token devices.csv --all --no-verify --out tokens.json --token-url URL', 0],
    ['share keygen --out identity.txt', 0],
    ['share check .', 0],
    ['share check . --ignored', 1],
    ['share check --staged', 3],
    ['init --dry-run', 0],
  ])('starts none by %s', (line, expected) =>
    inTemporaryFolder(async (folder) => {
      const { canary, traces } = await canaryIn(folder);
      const repository = await makeHostile(folder, canary);
      const args = line.split(' ').map((arg) => (arg === 'URL' ? server.tokenUrl : arg));
      const { status } = await program(args, { cwd: repository, env: variablesOf(canary, folder) });
      expect({ status, started: await traces() }).toEqual({ status: expected, started: '' });
    }),
  );

  test.each([
    ['over ssh', 'ssh://example.org/x'],
    ['with a proxy command', 'git://127.0.0.1/x'],
    ['by its uploadpack', '.'],
    ['by its uploadpack in a file: URL', 'file:///'],
    ['through a helper', 'none::x'],
  ])('that would fetch a missing object %s starts none by share check --staged', (_what, url) =>
    inTemporaryFolder(async (folder) => {
      const { canary, traces } = await canaryIn(folder);
      const repository = await makeHostile(folder, canary);
      await git(repository, 'config', 'remote.origin.url', url);
      const { status, stderr } = await program(['share', 'check', '--staged'], { cwd: repository });
      expect({ status, started: await traces() }).toEqual({ status: 3, started: '' });
      expect(stderr).toContain('missing.txt could not be read (no such object)');
    }),
  );
});

test('replaced objects are scanned as they are committed', () =>
  inTemporaryFolder(async (folder) => {
    await makeRepository(folder, { 'a.json': '{"password":"hunter22-typed"}', 'b.json': '{}' }, [
      'a.json',
      'b.json',
    ]);
    const objects = (await git(folder, 'ls-files', '--stage'))
      .split('\n')
      .map((line) => line.split(' ')[1] ?? '');
    await git(folder, 'replace', objects[0] ?? '', objects[1] ?? '');
    expect(await program(['share', 'check', '--staged'], { cwd: folder })).toMatchObject({ status: 1 });
  }));
