import { fillTemplate } from '../snippet/fill-template.js';
import type { EncryptedFile } from './encrypted-file.js';
import { readTemplate } from './read-template.js';

/** Where a pipeline is made for. */
export type CiSystem = 'github' | 'gitlab';

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

export const GITHUB_WORKFLOW = '.github/workflows/biotz-fleet.yml';
export const GITLAB_JOBS = '.gitlab/biotz-fleet.yml';
export const GITLAB_CI = '.gitlab-ci.yml';

/** The workflow that runs a fleet on GitHub Actions. */
export async function githubWorkflow({ devices, shards, branch }: Pipeline): Promise<string> {
  const numbers = Array.from({ length: shards }, (_, at) => at + 1);
  const values = { branch, devices: devices.path, shards: `[${numbers.join(', ')}]`, count: String(shards) };
  const write = (text: string, name: keyof typeof values) =>
    name === 'shards' || name === 'count' ? text : yamlString(text);
  return fillTemplate(await readTemplate('github.yml'), values, write);
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
  return fillTemplate(await readTemplate('gitlab.yml'), values, write);
}

/** Includes those jobs, where there is no pipeline yet. */
export const gitlabCi = () => readTemplate('gitlab-ci.yml');

/**
 * A text without line breaks as a YAML string: within single quotes only they themselves mean something.
 *
 * @see https://yaml.org/spec/1.2.2/#732-single-quoted-style
 */
const yamlString = (text: string) => `'${text.replaceAll("'", "''")}'`;
