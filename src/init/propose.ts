import { fillTemplate, readTemplate } from '../snippet/template.js';
import { CONFIG_FILE, withIgnoredLines, withSchema } from './amended-files.js';
import type { EncryptedFile } from './encrypted-file.js';
import { type Proposal, proposeAddition, proposeFile, readPresent } from './proposal.js';
import { type CiSystem, HOOK, type HookManager, hookManager, type Repository } from './repository.js';

export interface Proposed {
  readonly files: readonly Proposal[];
  /** What runs the repository's hooks. */
  readonly hooks: HookManager;
  /** Whether GitLab's jobs still have to be included by the pipeline that is there. */
  readonly mustInclude: boolean;
}

/**
 * Makes up every file for a repository, and holds it against what is there.
 *
 * @param folder where they go
 * @param ci `none` for no pipeline
 * @param force whether files may be replaced that somebody changed
 * @throws {BiotzPostmanError} OUTPUT_BLOCKED where something is in the way
 */
export async function propose(
  folder: string,
  repository: Repository,
  { ci, force, ...pipeline }: Pipeline & { readonly ci: CiSystem | 'none'; readonly force: boolean },
): Promise<Proposed> {
  const present = (path: string) => readPresent(folder, path);
  const whole = async (path: string, text: string, executable = false) =>
    proposeFile(path, text, await present(path), { force, executable });

  const files: Proposal[] = [];
  let mustInclude = false;
  if (ci === 'github') files.push(await whole(GITHUB_WORKFLOW, await githubWorkflow(pipeline)));
  if (ci === 'gitlab') {
    files.push(await whole(GITLAB_JOBS, await gitlabJobs(pipeline)));
    const there = await present(GITLAB_CI);
    // Somebody's own pipeline is theirs to change.
    if (there === undefined) files.push(await whole(GITLAB_CI, await gitlabCi()));
    else mustInclude = !withoutComments(there.text).includes(GITLAB_JOBS);
  }
  const hooks = await hookManager(folder, repository);
  if (hooks === 'git') files.push(await whole(HOOK, await readTemplate('ci/pre-commit.sh'), true));
  const ignoring = await present('.gitignore');
  const ignored = await withIgnoredLines(ignoring?.text, pipeline.devices);
  files.push(proposeAddition('.gitignore', ignored, ignoring));
  const config = await present(CONFIG_FILE);
  files.push(proposeAddition(CONFIG_FILE, withSchema(config?.text), config));
  return { files, hooks, mustInclude };
}

/** A `#` begins one at the start of a line or behind a space. @see https://yaml.org/spec/1.2.2/#66-comments */
const withoutComments = (yaml: string) => yaml.replaceAll(/(^|\s)#.*$/gm, '');

/**
 * How many jobs one pipeline may have of a kind.
 *
 * @see https://docs.github.com/actions/reference/workflow-syntax-for-github-actions#jobsjob_idstrategymatrix
 * @see https://docs.gitlab.com/ci/yaml/#parallel
 */
export const mostShards: { readonly [S in CiSystem]: number } = { github: 256, gitlab: 200 };

export interface Pipeline {
  readonly devices: EncryptedFile;
  /** How many jobs share the fleet. */
  readonly shards: number;
  /** The repository's default branch. */
  readonly branch: string;
}

const GITHUB_WORKFLOW = '.github/workflows/biotz-fleet.yml';
const GITLAB_JOBS = '.gitlab/biotz-fleet.yml';
const GITLAB_CI = '.gitlab-ci.yml';

/** The workflow that runs a fleet on GitHub Actions. */
export async function githubWorkflow({ devices, shards, branch }: Pipeline): Promise<string> {
  const numbers = Array.from({ length: shards }, (_, at) => at + 1);
  const values = { branch, devices: devices.path, shards: `[${numbers.join(', ')}]`, count: String(shards) };
  const write = (text: string, name: keyof typeof values) =>
    name === 'shards' || name === 'count' ? text : yamlString(text);
  return fillTemplate(await readTemplate('ci/github.yml'), values, write);
}

/** The jobs that run a fleet on GitLab. */
export async function gitlabJobs({ devices, shards }: Omit<Pipeline, 'branch'>): Promise<string> {
  const values = {
    devices: devices.path,
    // GitLab takes `parallel: 1` from 16.0 on; without it, it sets no CI_NODE_INDEX that `auto` could read.
    ...(shards === 1 ? { shard: '1/1' } : { shard: 'auto', parallel: String(shards) }),
  };
  const write = (text: string, name: 'devices' | 'shard' | 'parallel') =>
    name === 'parallel' ? text : yamlString(text);
  return fillTemplate(await readTemplate('ci/gitlab.yml'), values, write);
}

/** Includes those jobs, where there is no pipeline yet. */
export const gitlabCi = () => readTemplate('ci/gitlab-ci.yml');

/**
 * A text without line breaks as a YAML string: within single quotes only they themselves mean something.
 *
 * @see https://yaml.org/spec/1.2.2/#732-single-quoted-style
 */
const yamlString = (text: string) => `'${text.replaceAll("'", "''")}'`;
