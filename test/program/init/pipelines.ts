import { describe, expect, test } from '@jest/globals';
import { DOMParser } from '@xmldom/xmldom';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { exists } from '../../../src/init/repository.js';
import { Secret } from '../../../src/secret/secret.js';
import { complete, csvOf, type Row } from '../cli/fleet.js';
import { filesBelow, inTemporaryFolder } from '../../support/folder.js';
import { spawnProgram as program } from '../../support/program.js';
import { start } from '../../unit/stand-in/platform.js';
import { commitAll, createRepository } from './repository.js';
import { type Run, runWorkflow } from './github.js';
import { runPipeline } from './gitlab.js';
import { encrypted } from './encrypted.js';

const systems = { github: runWorkflow, gitlab: runPipeline } as const;

interface Setup {
  readonly args?: readonly string[];
  readonly path?: string;
  readonly devices?: number;
  /** How many of them have another password than the platform knows. */
  readonly wrong?: number;
  readonly lost?: number;
  /** Whether the pipeline is given the secret. */
  readonly isTrusted?: boolean;
  /** Whether npm's own npx starts the program. It loads npm first, which takes longer than the rest. */
  readonly hasNpx?: boolean;
}

/**
 * Makes a repository with an encrypted file in it, lets `init` write its files, commits all, and runs the pipeline
 * against the embedded platform.
 */
function pipelineOf(
  ci: keyof typeof systems,
  {
    args = [],
    path = 'devices.csv.age',
    devices = 8,
    wrong = 0,
    lost,
    isTrusted = true,
    hasNpx = false,
  }: Setup,
) {
  return inTemporaryFolder(async (folder) => {
    const rows: readonly Row[] = Array.from({ length: devices }, () => ({}));
    const platform = await start({
      behaviour: 'gateway',
      clientId: 'biotz-platform-devices',
      devices: rows.map((row, index) => {
        const { username, password } = complete(row, index);
        return { username, password: new Secret(index < wrong ? 'another' : password) };
      }),
    });
    const repository = await createRepository(folder);
    const { file, identity } = await encrypted(csvOf(rows));
    await mkdir(dirname(join(repository, path)), { recursive: true });
    await writeFile(join(repository, path), file);
    const made = await program(['init', path, '--ci', ci, '--yes', ...args], { cwd: repository });
    expect(made).toMatchObject({ status: 0 });
    await commitAll(repository);

    const secrets: Run['secrets'] = isTrusted ? { BIOTZ_AGE_IDENTITY: identity } : {};
    const env = { BIOTZ_TOKEN_URL: platform.tokenUrl, ...(!hasNpx && (await quickNpx(folder))) };
    const run: Run = { repository, folder, secrets, env, ...(lost !== undefined && { lost }) };
    const { shards, report } = await systems[ci](run);
    const reports = await filesIn(join(report.workspace, 'biotz-report'));
    const summary =
      ci === 'github' ? await readFile(join(folder, 'report summary.md'), 'utf8') : reports['summary.md'];
    // All that others get to see.
    const artifacts = ci === 'github' ? 'artifacts' : 'workspaces/report/biotz-shards';
    const uploaded = { ...(await filesIn(join(folder, artifacts))), ...reports };
    const logs = [...shards, report].map(({ log }) => log);
    const key = identity.trim().split('\n').at(-1) ?? '';
    for (const text of [...logs, ...Object.values(uploaded)]) {
      expect(text).not.toContain('canary');
      expect(text).not.toContain(key);
    }
    return { shards, report, reports, summary, uploaded: Object.keys(uploaded) };
  });
}

/** An npx that starts the installed program at once, as `npx --no-install` does in the end. */
async function quickNpx(folder: string): Promise<{ readonly PATH: string }> {
  const tools = join(folder, 'tools');
  await mkdir(tools);
  const script = '#!/bin/sh\nprogram=$2\nshift 2\nexec "node_modules/.bin/$program" "$@"\n';
  await writeFile(join(tools, 'npx'), script, { mode: 0o755 });
  return { PATH: `${tools}:${process.env['PATH']}` };
}

/** The files without a secret. */
const published = new Set(['journal.ndjson', 'report.json', 'report.junit.xml', 'summary.md']);

/** Every file below a folder that may not be there. */
const filesIn = async (folder: string): Promise<Record<string, string>> =>
  (await exists(folder)) ? filesBelow(folder) : {};

function casesOf(junit: string | undefined) {
  const document = new DOMParser().parseFromString(junit ?? '', 'text/xml');
  const count = (name: string) => document.getElementsByTagName(name).length;
  return { cases: count('testcase'), failures: count('failure'), errors: count('error') };
}

/** Tests the pipeline of one system: each has a file, so that they run side by side. */
export function testPipeline(ci: keyof typeof systems): void {
  describe(`the pipeline for ${ci}`, () => {
    test('runs every shard, merges their results, and passes if every device passes', async () => {
      const { shards, report, reports, summary, uploaded } = await pipelineOf(ci, {});
      expect(shards.map(({ status }) => status)).toEqual([0, 0, 0]);
      expect(report).toMatchObject({ status: 0 });
      expect(report.log).toContain('8 read, 0 skipped, 8 attempted, 8 passed, 0 failed, 0 not attempted');
      expect(casesOf(reports['report.junit.xml'])).toEqual({ cases: 8, failures: 0, errors: 0 });
      expect(summary).toContain('all 8 passed');
      expect(uploaded.map((file) => basename(file)).filter((file) => !published.has(file))).toEqual([]);
    });

    test('fails if devices fail, and the report names them', async () => {
      const { shards, report, reports, summary } = await pipelineOf(ci, { wrong: 2 });
      expect(shards.filter(({ status }) => status === 1).length).toBeGreaterThan(0);
      expect(report).toMatchObject({ status: 1 });
      expect(casesOf(reports['report.junit.xml'])).toEqual({ cases: 8, failures: 2, errors: 0 });
      expect(summary).toContain('2 failed');
      expect(summary).toMatch(/\| `pump 0` .* \| 2 \| `invalid-user-credentials` \|/);
    });

    test('fails if a shard is lost, and the report names it', async () => {
      const { report, reports, summary } = await pipelineOf(ci, { lost: 2 });
      expect(report).toMatchObject({ status: 3 });
      expect(report.log).toContain('shard 2 of 3 is missing');
      expect(casesOf(reports['report.junit.xml'])).toMatchObject({ failures: 0, errors: 1 });
      expect(summary).toContain('the results of some shards are missing');
    });

    test('fails without the identity, and says what is missing', async () => {
      const { shards, report } = await pipelineOf(ci, { args: ['--shards', '1'], isTrusted: false });
      expect([...shards, report].map(({ status }) => status)).toEqual([2, 2]);
      expect(shards[0]?.log).toContain('[age-key-missing]');
    });

    test('runs a fleet in one job, from a folder with any name', async () => {
      const path = `our "fleet" of '26/it's all.csv.age`;
      const { shards, report } = await pipelineOf(ci, {
        args: ['--shards', '1'],
        path,
        devices: 2,
        hasNpx: true,
      });
      expect([...shards, report].map(({ status }) => status)).toEqual([0, 0]);
    });

    test('runs with more jobs than devices', async () => {
      const { shards, report } = await pipelineOf(ci, { devices: 2 });
      expect([...shards, report].map(({ status }) => status)).toEqual([0, 0, 0, 0]);
    });
  });
}
