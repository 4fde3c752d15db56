import { fillTemplate, readTemplate } from '../snippet/template.js';
import { CONFIG_FILE, withIgnoredLines, withSchema } from './amended-files.js';
import type { EncryptedFile } from './encrypted-file.js';
import { type Proposal, proposeAddition, proposeFile, readPresent } from './proposal.js';
import { type CiSystem, detectHookManager, HOOK, type HookManager, type Repository } from './repository.js';

export interface Proposed {
  readonly files: readonly Proposal[];
  /** The program that runs the repository's hooks. */
  readonly hooks: HookManager;
  /** Whether the present GitLab pipeline does not include our jobs yet. */
  readonly mustInclude: boolean;
}

/**
 * Proposes every file for a repository, compared with the present files.
 *
 * @param folder the output folder
 * @param ci `none` for no pipeline
 * @param force whether to replace files that a user edited
 * @throws {BiotzPostmanError} OUTPUT_BLOCKED if a present file cannot be read
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
    const pipelineFile = await present(GITLAB_CI);
    // Users change a pipeline of their own themselves.
    if (pipelineFile === undefined)
      files.push(await whole(GITLAB_CI, await readTemplate('ci/gitlab-ci.yml')));
    else mustInclude = !withoutComments(pipelineFile.text).includes(GITLAB_JOBS);
  }
  const hooks = await detectHookManager(folder, repository);
  if (hooks === 'git') files.push(await whole(HOOK, await readTemplate('ci/pre-commit.sh'), true));
  const ignoring = await present('.gitignore');
  const ignored = await withIgnoredLines(ignoring?.text, pipeline.devices);
  files.push(proposeAddition('.gitignore', ignored, ignoring));
  const config = await present(CONFIG_FILE);
  files.push(proposeAddition(CONFIG_FILE, withSchema(config?.text), config));
  return { files, hooks, mustInclude };
}

/** A `#` at the start of a line or after a space begins a comment. @see https://yaml.org/spec/1.2.2/#66-comments */
const withoutComments = (yaml: string) => yaml.replaceAll(/(^|\s)#.*$/gm, '');

/**
 * The most parallel jobs of one kind in a pipeline.
 *
 * @see https://docs.github.com/actions/reference/workflow-syntax-for-github-actions#jobsjob_idstrategymatrix
 * @see https://docs.gitlab.com/ci/yaml/#parallel
 */
export const mostShards: { readonly [S in CiSystem]: number } = { github: 256, gitlab: 200 };

export interface Pipeline {
  readonly devices: EncryptedFile;
  /** Number of jobs that share the fleet. */
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
    // GitLab accepts `parallel: 1` since 16.0. Without `parallel` it does not set CI_NODE_INDEX, which `auto` reads.
    ...(shards === 1 ? { shard: '1/1' } : { shard: 'auto', parallel: String(shards) }),
  };
  const write = (text: string, name: 'devices' | 'shard' | 'parallel') =>
    name === 'parallel' ? text : yamlString(text);
  return fillTemplate(await readTemplate('ci/gitlab.yml'), values, write);
}

/**
 * A text without line breaks as a YAML string: within single quotes only a single quote is special.
 *
 * @see https://yaml.org/spec/1.2.2/#732-single-quoted-style
 */
const yamlString = (text: string) => `'${text.replaceAll("'", "''")}'`;
