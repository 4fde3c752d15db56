import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parse } from 'yaml';
import { exists } from '../../../src/init/repository.js';
import { checkOut, type JobResult, runShell } from './steps.js';

interface Step {
  readonly if?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
}

interface Job {
  readonly if: string;
  readonly strategy?: { readonly matrix: { readonly shard: readonly number[] } };
  readonly needs?: string;
  readonly steps: readonly Step[];
}

export interface Workflow {
  readonly concurrency: { readonly group: string };
  readonly jobs: { readonly fleet: Job; readonly report: Job };
}

/** What an expression comes to. */
type Value = string | number | boolean | undefined;

/** Values that expressions may name. */
type Contexts = Readonly<Record<string, unknown>>;

export interface Run {
  readonly repository: string;
  /** A folder of the test's own. */
  readonly folder: string;
  readonly secrets: Readonly<Record<string, string>>;
  /** Set in all steps, as a runner's own environment is. */
  readonly env: Readonly<Record<string, string>>;
  /** The shard whose machine is lost before it uploads anything. */
  readonly lost?: number;
}

const always = () => true;

/** GitHub's expressions, as far as these are JavaScript's, too: `==`, `&&`, strings in single quotes. */
export function evaluate(expression: string, contexts: Contexts): Value {
  // oxlint-disable-next-line typescript/no-implied-eval -- of the workflow that this test made
  const value = new Function(...Object.keys(contexts), `return ${expression}`) as (
    ...values: unknown[]
  ) => Value;
  return value(...Object.values(contexts));
}

export const interpolate = (text: string, contexts: Contexts) =>
  text.replaceAll(/\$\{\{(.*?)\}\}/g, (_, expression: string) =>
    String(evaluate(expression, contexts) ?? ''),
  );

async function readWorkflow(repository: string): Promise<Workflow> {
  return parse(await readFile(join(repository, '.github/workflows/biotz-fleet.yml'), 'utf8')) as Workflow;
}

/** Runs the workflow's jobs as GitHub would, those of the matrix one after another. */
export async function runWorkflow(
  run: Run,
): Promise<{ readonly shards: readonly JobResult[]; readonly report: JobResult }> {
  const { jobs } = await readWorkflow(run.repository);
  const shards: JobResult[] = [];
  for (const shard of jobs.fleet.strategy?.matrix.shard ?? []) {
    const steps =
      shard === run.lost
        ? jobs.fleet.steps.filter(({ uses }) => !uses?.startsWith('actions/upload'))
        : jobs.fleet.steps;
    shards.push(await runJob(`shard ${shard}`, steps, run, { matrix: { shard }, secrets: run.secrets }));
  }
  const result = shards.every(({ status }) => status === 0) ? 'success' : 'failure';
  const contexts = { needs: { fleet: { result } }, always };
  if (interpolate(jobs.report.if, contexts) !== 'true') throw new Error('the report is not made');
  return { shards, report: await runJob('report', jobs.report.steps, run, contexts) };
}

async function runJob(
  name: string,
  steps: readonly Step[],
  run: Run,
  contexts: Contexts,
): Promise<JobResult> {
  const workspace = await checkOut(run.repository, run.folder, name);
  const summary = join(run.folder, `${name} summary.md`);
  await writeFile(summary, '');
  const result = { status: 0, log: '' };
  for (const step of steps) {
    if (result.status !== 0 && step.if === undefined) continue;
    if (step.if !== undefined && interpolate(step.if, { ...contexts, always }) !== 'true') continue;
    if (step.run === undefined) {
      await useAction(step, workspace, run.folder, contexts);
      continue;
    }
    // GitHub puts values into the text of a script before a shell reads it: none of ours has any.
    if (step.run.includes('${{')) throw new Error(`a value is put into the script ${step.run}`);
    const own = Object.entries(step.env ?? {}).map(([key, value]) => [key, interpolate(value, contexts)]);
    const env = { ...run.env, ...Object.fromEntries(own), GITHUB_STEP_SUMMARY: summary };
    const { status, log } = await runShell(step.run.trim(), workspace, env);
    result.log += log;
    result.status ||= status;
  }
  return { name, ...result, workspace };
}

/** Does what an official action does, on artifacts that are folders. */
async function useAction(step: Step, workspace: string, folder: string, contexts: Contexts): Promise<void> {
  const given = Object.fromEntries(
    Object.entries(step.with ?? {}).map(([key, value]) => [key, interpolate(String(value), contexts)]),
  );
  const artifacts = join(folder, 'artifacts');
  switch (step.uses?.replace(/@v\d+$/, '') ?? 'neither uses nor run') {
    case 'actions/checkout':
    case 'actions/setup-node':
      return;
    case 'actions/upload-artifact':
      for (const path of (given['path'] ?? '').trim().split('\n')) {
        if (!(await exists(join(workspace, path)))) continue;
        await mkdir(join(artifacts, given['name'] ?? ''), { recursive: true });
        await cp(join(workspace, path), join(artifacts, given['name'] ?? '', basename(path)));
      }
      return;
    case 'actions/download-artifact':
      for (const name of await readdir(artifacts).catch(() => [])) {
        if (!name.startsWith((given['pattern'] ?? '').replace(/\*$/, ''))) continue;
        await cp(join(artifacts, name), join(workspace, given['path'] ?? '', name), { recursive: true });
      }
      return;
    default:
      throw new Error(`this test does not know what ${step.uses} does`);
  }
}
