import { cp, readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { parse } from 'yaml';
import { checkOut, type JobResult, runShell } from './steps.js';
import type { Run } from './github.js';

interface Job {
  readonly extends?: string;
  readonly parallel?: number;
  readonly before_script?: readonly string[];
  readonly script: readonly string[];
  readonly variables?: Readonly<Record<string, string>>;
  readonly artifacts: {
    readonly when: string;
    readonly paths: readonly string[];
    readonly reports?: { readonly junit: string };
  };
  readonly rules: readonly Readonly<Record<string, unknown>>[];
}

interface Jobs {
  readonly 'biotz-fleet': Job;
  readonly 'biotz-fleet-report': Job;
}

/** The jobs, with what they extend in them. */
async function readJobs(repository: string): Promise<Jobs> {
  const { include } = parse(await readFile(join(repository, '.gitlab-ci.yml'), 'utf8')) as {
    include: readonly { local: string }[];
  };
  const text = await readFile(join(repository, include[0]?.local ?? ''), 'utf8');
  const jobs = parse(text) as Record<string, Job>;
  const whole = (job: Job): Job => ({ ...jobs[job.extends ?? ''], ...job });
  return Object.fromEntries(Object.entries(jobs).map(([name, job]) => [name, whole(job)])) as unknown as Jobs;
}

/** Runs the jobs as GitLab would, those of `parallel` one after another; its masked variables are environment. */
export async function runPipeline(
  run: Run,
): Promise<{ readonly shards: readonly JobResult[]; readonly report: JobResult }> {
  const { 'biotz-fleet': fleet, 'biotz-fleet-report': report } = await readJobs(run.repository);
  const { parallel } = fleet;
  const shards: JobResult[] = [];
  for (let index = 1; index <= (parallel ?? 1); index++) {
    const node = parallel === undefined ? {} : { CI_NODE_INDEX: String(index) };
    const env = { ...node, CI_NODE_TOTAL: String(parallel ?? 1) };
    shards.push(await runJob(`fleet ${index}/${parallel}`, fleet, run, env));
  }
  if (report.rules.some(({ when }) => when !== 'always'))
    throw new Error('the report is not made after a failure');
  const workspace = await checkOut(run.repository, run.folder, 'report');
  for (const [at, shard] of shards.entries()) {
    if (at + 1 !== run.lost) await copyArtifacts(fleet.artifacts.paths, shard.workspace, workspace);
  }
  return { shards, report: await runJob('report', report, run, {}, workspace) };
}

async function runJob(
  name: string,
  job: Job,
  run: Run,
  env: Readonly<Record<string, string>>,
  checkedOut?: string,
): Promise<JobResult> {
  const workspace = checkedOut ?? (await checkOut(run.repository, run.folder, name));
  const result = { status: 0, log: '' };
  for (const commands of [...(job.before_script ?? []), ...job.script]) {
    if (result.status !== 0) break;
    const { status, log } = await runShell(commands, workspace, {
      ...run.secrets,
      ...run.env,
      ...job.variables,
      ...env,
    });
    result.log += log;
    result.status = status;
  }
  return { name, ...result, workspace };
}

/** Copies what `artifacts:paths` name, in which `*` stands for any name. */
async function copyArtifacts(paths: readonly string[], from: string, to: string): Promise<void> {
  const entries = await readdir(from, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(from, join(entry.parentPath, entry.name)));
  const patterns = paths.map(
    (path) => new RegExp(`^${path.replaceAll('.', String.raw`\.`).replaceAll('*', '[^/]*')}$`),
  );
  for (const file of files) {
    if (patterns.some((pattern) => pattern.test(file))) await cp(join(from, file), join(to, file));
  }
}
