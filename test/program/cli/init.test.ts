import { describe, expect, test } from '@jest/globals';
import { lstat, mkdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createRepository, git } from '../init/repository.js';
import { whereInstalled } from './installed.js';
import { filesBelow, inTemporaryFolder } from '../../support/folder.js';
import { program } from '../../support/program.js';
import { programOnTerminal, terminalProgram } from './terminal-session.js';

const workflow = '.github/workflows/biotz-fleet.yml';
const hook = '.githooks/pre-commit';

/** A repository of the test's own, and `init` in it. */
const inRepository = (
  use: (
    repository: string,
    init: (...args: readonly string[]) => ReturnType<typeof program>,
  ) => Promise<void>,
) =>
  inTemporaryFolder(async (folder) => {
    const repository = await createRepository(folder);
    await use(repository, (...args) => program(['init', ...args], { cwd: repository }));
  });

const untracked = async (repository: string) =>
  (await git(repository, 'status', '--porcelain', '--untracked-files=all'))
    .trimEnd()
    .split('\n')
    .filter(Boolean);

test('everything is shown, written, and left alone the second time', () =>
  inRepository(async (repository, init) => {
    const { status, stdout, stderr } = await init('--yes');
    expect(status).toBe(0);
    expect(stdout).toContain(`${workflow}: new\n    # Logs in every device`);
    expect(stdout).toContain(
      '.gitignore: amended\n    @@ line 1, now 1 @@\n     node_modules\n    +\n    +# >>> biotz-postman',
    );
    expect(stderr).toContain(`Written: ${workflow}, ${hook}, .gitignore, biotz-postman.config.json\n`);
    expect(stderr).toContain('git config core.hooksPath .githooks');
    expect(await untracked(repository)).toEqual([
      ' M .gitignore',
      `?? ${hook}`,
      `?? ${workflow}`,
      '?? biotz-postman.config.json',
    ]);
    expect((await stat(join(repository, hook))).mode & 0o777).toBe(0o755);
    expect((await stat(join(repository, workflow))).mode & 0o777).toBe(0o644);
    const before = await filesBelow(repository);
    const again = await init('--yes');
    expect(again.stdout.match(/: unchanged\n/g)).toHaveLength(4);
    expect(again.stderr).not.toContain('Written');
    expect(await filesBelow(repository)).toEqual(before);
  }));

test('--dry-run writes nothing', () =>
  inRepository(async (repository, init) => {
    const { status, stderr } = await init('--dry-run');
    expect({ status, written: await untracked(repository) }).toEqual({ status: 0, written: [] });
    expect(stderr).toContain('Nothing was written (--dry-run).');
  }));

test('without a terminal, nothing is written without --yes', () =>
  inRepository(async (repository, init) => {
    const { status, stdout, stderr } = await init();
    expect({ status, stdout, written: await untracked(repository) }).toEqual({
      status: 2,
      stdout: '',
      written: [],
    });
    expect(stderr).toContain('--dry-run');
  }));

describe('on a terminal', () => {
  const programs = whereInstalled([terminalProgram], 'the question of init');
  test.each(
    programs.flatMap(
      ({ command }) =>
        [
          [command, 'y', { status: 0, files: 4 }],
          [command, 'n', { status: 3, files: 0 }],
          [command, '\u0003', { status: 130, files: 0 }],
        ] as const,
    ),
  )('%s: the answer %j counts', (_, answer, { status, files }) =>
    inRepository(async (repository) => {
      const session = await programOnTerminal(['init'], [['Write these 4 files?', answer]], {
        cwd: repository,
      });
      expect({ status: session.status, files: (await untracked(repository)).length }).toEqual({
        status,
        files,
      });
    }),
  );
});

test('a file that a user edited is kept, shown as a difference, and replaced only with --force', () =>
  inRepository(async (repository, init) => {
    await init('--yes');
    const own = `${await readFile(join(repository, workflow), 'utf8')}# mine \u001b[31m::error::\n`;
    await writeFile(join(repository, workflow), own);
    const kept = await init('--yes', '--ci', 'github');
    expect(kept.status).toBe(0);
    expect(kept.stdout).toContain(`${workflow}: kept as it is`);
    expect(kept.stdout).toContain(String.raw`    -# mine \u{1b}[31m: :error: :`);
    expect(kept.stderr).toContain(`Kept as you have it: ${workflow}`);
    expect(await readFile(join(repository, workflow), 'utf8')).toBe(own);
    const { stdout } = await init('--yes', '--ci', 'github', '--force');
    expect(stdout).toContain(`${workflow}: replaced`);
    expect(await readFile(join(repository, workflow), 'utf8')).not.toContain('# mine');
  }));

test('line ends that git changed for Windows are not an edit', () =>
  inRepository(async (repository, init) => {
    await init('--yes');
    const text = await readFile(join(repository, workflow), 'utf8');
    await writeFile(join(repository, workflow), text.replaceAll('\n', '\r\n'));
    expect((await init('--yes', '--ci', 'github')).stdout).toContain(`${workflow}: unchanged`);
  }));

test.each([
  ['the folder', '.github', '.github'],
  ['a folder below it', '.github/workflows', '.github/workflows'],
  ['the file', workflow, workflow],
  ['the ignored lines', '.gitignore', '.gitignore'],
])('a symbolic link instead of %s is not followed, and nothing is written', (_, place, named) =>
  inTemporaryFolder(async (folder) => {
    const repository = join(folder, 'repository');
    const elsewhere = join(folder, 'elsewhere');
    await mkdir(elsewhere);
    await mkdir(join(repository, place, '..'), { recursive: true });
    await symlink(elsewhere, join(repository, place));
    const { status, stderr } = await program(['init', '--yes', '--force', '--ci', 'github'], {
      cwd: repository,
    });
    expect(status).toBe(2);
    expect(stderr).toContain(`${named} was not written: it is a symbolic link.`);
    expect(await filesBelow(folder)).toEqual({});
    expect((await lstat(join(repository, place))).isSymbolicLink()).toBe(true);
  }),
);

test('a file that is not text could not keep its bytes, so nothing is written', () =>
  inRepository(async (repository, init) => {
    const bytes = Buffer.from([0x66, 0xfc, 0x72, 0x0a]);
    await writeFile(join(repository, '.gitignore'), bytes);
    const { status, stderr } = await init('--yes');
    expect({ status, written: await untracked(repository) }).toEqual({
      status: 2,
      written: [' M .gitignore'],
    });
    expect(stderr).toContain('.gitignore was not written: the existing file is not UTF-8 text.');
    expect(await readFile(join(repository, '.gitignore'))).toEqual(bytes);
  }));

describe('the CI system', () => {
  const files = { github: workflow, gitlab: '.gitlab/biotz-fleet.yml' };
  test.each([
    ['git@github.com:o/r.git', 'github'],
    ['https://user:canary@gitlab.example.org/o/r.git', 'gitlab'],
    ['ssh://git@gitlab.com:2222/github/r.git', 'gitlab'],
  ] as const)('is that of the remote %s: %s', (remote, ci) =>
    inRepository(async (repository, init) => {
      await git(repository, 'remote', 'add', 'origin', remote);
      const { stdout, stderr } = await init('--dry-run');
      expect(stdout).toContain(`${files[ci]}: new`);
      expect(stdout + stderr).not.toMatch(/canary|assuming/);
    }),
  );

  test('is that of the only remote, whatever its name', () =>
    inRepository(async (repository, init) => {
      await git(repository, 'remote', 'add', 'upstream', 'git@gitlab.com:o/r.git');
      expect((await init('--dry-run')).stdout).toContain(`${files.gitlab}: new`);
    }));

  test('is GitLab if its pipeline exists; init leaves that one alone, and says what to add', () =>
    inRepository(async (repository, init) => {
      await writeFile(join(repository, '.gitlab-ci.yml'), 'test:\n  script: [make]\n');
      const { stderr } = await init('--yes');
      expect(stderr).toContain('Add to .gitlab-ci.yml: include: [{ local: .gitlab/biotz-fleet.yml }]');
      expect(await readFile(join(repository, '.gitlab-ci.yml'), 'utf8')).toBe('test:\n  script: [make]\n');
      await writeFile(join(repository, '.gitlab-ci.yml'), '# later: .gitlab/biotz-fleet.yml\n');
      expect((await init('--yes')).stderr).toContain('Add to .gitlab-ci.yml');
      await writeFile(join(repository, '.gitlab-ci.yml'), 'include: [{ local: .gitlab/biotz-fleet.yml }]\n');
      expect((await init('--yes')).stderr).not.toContain('Add to .gitlab-ci.yml');
    }));

  test('with --ci none, no pipeline is written', () =>
    inRepository(async (repository, init) => {
      expect((await init('--yes', '--ci', 'none')).status).toBe(0);
      expect(await untracked(repository)).toEqual([
        ' M .gitignore',
        `?? ${hook}`,
        '?? biotz-postman.config.json',
      ]);
    }));
});

test('the workflow is for the default branch', () =>
  inTemporaryFolder(async (folder) => {
    const origin = await createRepository(folder);
    await git(origin, 'checkout', '--quiet', '-b', 'trunk');
    await git(folder, 'clone', '--quiet', origin, 'clone');
    await git(join(folder, 'clone'), 'checkout', '--quiet', '-b', 'feature');
    const { stdout } = await program(['init', '--dry-run', '--ci', 'github'], { cwd: join(folder, 'clone') });
    expect(stdout).toContain("branches: ['trunk']");
  }));

test('credentials that git tracks in plain text, and encrypted ones that it ignores, are reported', () =>
  inRepository(async (repository, init) => {
    const file = "fleet/it's.csv.age";
    const args = [file, '--yes', '--ci', 'none'];
    expect((await init(...args)).stderr).not.toMatch(/Git has|A line of|Git ignores/);
    await mkdir(join(repository, 'fleet'));
    await writeFile(join(repository, 'fleet/.gitignore'), '!*.csv\n');
    expect((await init(...args)).stderr).toContain(
      String.raw`still includes 'fleet/it'\''s.csv'. Remove the line that "git check-ignore`,
    );
    await writeFile(join(repository, "fleet/it's.csv"), 'Device,Password\n');
    await git(repository, 'add', '--all');
    expect((await init(...args)).stderr).toContain(String.raw`git rm --cached 'fleet/it'\''s.csv', commit`);
    await writeFile(join(repository, '.git/info/exclude'), '/fleet/\n');
    await git(repository, 'rm', '--quiet', '--cached', '-r', 'fleet');
    expect((await init(...args)).stderr).toContain('Git ignores the folder of');
  }));

test.each([
  ['as init says it', '.githooks'],
  ['written otherwise', './.githooks/'],
  ['as a whole path', undefined],
])('an enabled hook stays ours: core.hooksPath %s', (_, path) =>
  inRepository(async (repository, init) => {
    await git(repository, 'config', 'core.hooksPath', path ?? join(repository, '.githooks'));
    const { stdout, stderr } = await init('--dry-run');
    expect(stdout).toContain(`${hook}: new`);
    expect(stderr).not.toContain('core.hooksPath');
  }),
);

describe('if another program runs the hooks, the step says what to add to it, and no hook is written:', () => {
  test.each([
    ['.pre-commit-config.yaml', 'below "repos:"'],
    ['.husky/pre-commit', 'Add this line to .husky/pre-commit'],
  ])('%s', (file, sentence) =>
    inRepository(async (repository, init) => {
      await mkdir(join(repository, file, '..'), { recursive: true });
      await writeFile(join(repository, file), '');
      const { stdout, stderr } = await init('--dry-run');
      expect(stderr).toContain(sentence);
      expect(stdout).not.toContain(hook);
    }),
  );

  test('core.hooksPath', () =>
    inRepository(async (repository, init) => {
      await git(repository, 'config', 'core.hooksPath', 'tools/hooks');
      const { stdout, stderr } = await init('--dry-run');
      expect(stderr).toContain('core.hooksPath names');
      expect(stdout).not.toContain(hook);
      await git(repository, 'config', 'core.hooksPath', '.githooks');
      expect((await init('--dry-run')).stderr).not.toContain('core.hooksPath');
    }));
});

test('a hook in .git/hooks that would be disabled is named', () =>
  inRepository(async (repository, init) => {
    await mkdir(join(repository, '.git/hooks'), { recursive: true });
    await writeFile(join(repository, '.git/hooks/pre-commit'), '');
    expect((await init('--dry-run')).stderr).toContain('git then ignores .git/hooks/pre-commit');
  }));

test('a folder that is not the root of a repository gets a warning', () =>
  inRepository(async (repository) => {
    await mkdir(join(repository, 'below'));
    const below = await program(['init', '--dry-run', '--out', 'below'], { cwd: repository });
    expect(below.stderr).toMatch(/only at the root of the work tree: use --out \/.*repository\n/);
    const outside = await program(['init', '--dry-run', '--out', join(repository, '..')]);
    expect(outside.stderr).toContain('This folder is not in a git work tree');
  }));

test.each([
  [['--shards', '0'], '--shards must be a whole number from 1 to 256'],
  [['--ci', 'gitlab', '--shards', '201'], '--shards must be a whole number from 1 to 200'],
  [['--ci', 'jenkins'], '--ci must be one of'],
  [['--out', 'not-there'], '--out is not a folder: not-there'],
  [['devices.csv'], 'must end in .csv.age'],
])('%j is refused, with status 2 and nothing written', (args, problem) =>
  inRepository(async (repository, init) => {
    const { status, stdout, stderr } = await init('--yes', ...args);
    expect({ status, stdout, written: await untracked(repository) }).toEqual({
      status: 2,
      stdout: '',
      written: [],
    });
    expect(stderr).toContain(problem);
  }),
);
