import type { CiSystem, Pipeline } from './ci-files.js';
import { GITHUB_WORKFLOW, GITLAB_CI, GITLAB_JOBS, githubWorkflow, gitlabCi, gitlabJobs } from './ci-files.js';
import { CONFIG_FILE, withSchema } from './config-file.js';
import type { HookManager } from './hook-manager.js';
import { HOOK, hookManager } from './hook-manager.js';
import { withIgnoredLines } from './ignored-lines.js';
import { readPresent } from './present-file.js';
import { proposeAddition, proposeFile } from './proposal.js';
import type { Proposal } from './proposal.js';
import { readTemplate } from './read-template.js';
import type { Repository } from './repository.js';

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
  if (hooks === 'git') files.push(await whole(HOOK, await readTemplate('pre-commit.sh'), true));
  const ignoring = await present('.gitignore');
  const ignored = await withIgnoredLines(ignoring?.text, pipeline.devices);
  files.push(proposeAddition('.gitignore', ignored, ignoring));
  const config = await present(CONFIG_FILE);
  files.push(proposeAddition(CONFIG_FILE, withSchema(config?.text), config));
  return { files, hooks, mustInclude };
}

/** A `#` begins one at the start of a line or behind a space. @see https://yaml.org/spec/1.2.2/#66-comments */
const withoutComments = (yaml: string) => yaml.replaceAll(/(^|\s)#.*$/gm, '');
