import { spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { git, linkProgram } from './repository.js';

/** What a job of a pipeline came to. */
export interface JobResult {
  readonly name: string;
  readonly status: number;
  /** Standard output and error of all its steps. */
  readonly log: string;
  readonly workspace: string;
}

/** A job's own checkout of what is committed, as each job of a pipeline has one. */
export async function checkOut(repository: string, folder: string, name: string): Promise<string> {
  const workspace = join(folder, 'workspaces', name.replaceAll('/', ' of '));
  await mkdir(join(folder, 'workspaces'), { recursive: true });
  await git(folder, 'clone', '--quiet', repository, workspace);
  return workspace;
}

/**
 * Runs a step's commands as both systems do by default: bash, ended by the first failure. Only `npm ci` is replaced,
 * because it needs a registry: by a link to the built program.
 */
export async function runShell(
  commands: string,
  workspace: string,
  env: Readonly<Record<string, string>>,
): Promise<{ readonly status: number; readonly log: string }> {
  if (commands === 'npm ci --ignore-scripts --no-audit --no-fund') {
    await linkProgram(workspace);
    return { status: 0, log: '' };
  }
  return new Promise((resolve, reject) => {
    const child = spawn('bash', ['-e', '-c', commands], {
      cwd: workspace,
      env: {
        PATH: process.env['PATH'],
        HOME: process.env['HOME'],
        CI: 'true',
        // Otherwise npx may ask its registry for a newer npm.
        npm_config_update_notifier: 'false',
        npm_config_offline: 'true',
        ...env,
      },
    });
    let log = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        log += text;
      });
    child.on('error', reject);
    child.on('close', (status) => resolve({ status: status ?? -1, log }));
    child.stdin.end();
  });
}
