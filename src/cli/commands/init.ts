import { invalidOption } from '../../errors/option-error.js';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { encryptedFile } from '../../init/encrypted-file.js';
import { mostShards, propose } from '../../init/propose.js';
import { disregards, examineRepository } from '../../init/repository.js';
import { isToBeWritten } from '../../init/proposal.js';
import type { Step } from '../../init/steps.js';
import { stepsAfter } from '../../init/steps.js';
import { writeFiles } from '../../init/write-files.js';
import { harmless } from '../../text/harmless.js';
import { formatStep } from '../../init/steps.js';
import { formatProposals } from '../../init/proposal-text.js';
import type { BiotzPostmanError } from '../../errors/biotz-postman-error.js';
import { git, GitFailed } from '../../git/run.js';
import { findWorkTree } from '../../git/work-tree.js';
import type { Command } from '../options/options.js';
import { canAsk, confirmed } from '../terminal/prompt.js';
import { exitStatus } from '../terminal/exit-status.js';
import { refusedByGit } from '../inputs/git-refused.js';
import { wholeNumber } from '../options/values.js';
import type { Terminal } from '../terminal/terminal.js';

/** Shows and writes the files that check a fleet in CI and keep passwords out of the repository. */
export const init: Command<'init'> = async ({ source, out, yes, dryRun, force, ...argv }, terminal) => {
  const { env } = terminal.io;
  const devices = encryptedFile(source ?? 'devices.csv.age');
  if (yes !== true && dryRun !== true && !canAsk(terminal)) throw needsAnswer();
  await requireFolder(out);
  await requireAnswers(out, env);
  const repository = await examineRepository(out, (...args) => askGit(args, out, env));
  const ci = argv.ci ?? repository.ci ?? 'github';
  const most = ci === 'none' ? mostShards.github : mostShards[ci];
  const shards = wholeNumber('--shards', argv.shards, { min: 1, max: most });
  const { branch } = repository;
  const proposed = await propose(out, repository, { ci, devices, shards, branch, force: force === true });
  const files = proposed.files.filter(isToBeWritten);

  await terminal.result(formatProposals(proposed.files, terminal.paint));
  if (argv.ci === undefined && repository.ci === undefined) {
    terminal.note(
      '\nCould not detect the CI system; assuming GitHub Actions. Use --ci gitlab or --ci none to change that.\n',
    );
  }
  if (dryRun === true) terminal.note('\nNothing was written (--dry-run).\n');
  else if (files.length > 0) {
    const question = files.length === 1 ? 'Write this file?' : `Write these ${files.length} files?`;
    const answer = yes === true || (await confirmed(question, terminal));
    if (answer !== true) {
      terminal.note('Nothing was written.\n');
      return answer === undefined ? exitStatus.interrupted.SIGINT : exitStatus.notCompleted;
    }
    await writeFiles(out, files);
    terminal.note(`\nWritten: ${files.map(({ path }) => harmless(path)).join(', ')}\n`);
  }
  const isWritten = dryRun !== true || files.length === 0;
  const disregarded = await disregards(out, devices, isWritten, env);
  noteSteps(await stepsAfter(out, repository, proposed, { ci, devices, disregarded }), terminal);
  return exitStatus.ok;
};

/** The folder is not created: a misspelt name would become a repository. @throws {BiotzPostmanError} OPTION_INVALID */
async function requireFolder(out: string): Promise<void> {
  const isFolder = await stat(out).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
  if (isFolder) return;
  const next = 'Name the root of your git work tree.';
  throw invalidOption('--out', `is not a folder: ${out}`, next);
}

/** @throws {BiotzPostmanError} OPTION_INVALID if the folder lies in a work tree that git refuses to read */
async function requireAnswers(out: string, environment: NodeJS.ProcessEnv): Promise<void> {
  if ((await findWorkTree(join(out, 'any'))) === undefined) return;
  await git(['rev-parse', '--show-toplevel'], { folder: out, environment }).catch((error: unknown) =>
    refusedByGit('--out', error),
  );
}

async function askGit(
  args: readonly string[],
  folder: string,
  environment: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  try {
    return (await git(args, { folder, environment })).replace(/\r?\n$/, '') || undefined;
  } catch (error) {
    // git is not installed, the folder is not in a repository, or the setting does not exist.
    if (error instanceof GitFailed) return undefined;
    throw error;
  }
}

function needsAnswer(): BiotzPostmanError {
  return invalidOption(
    'init',
    'asks before it writes, but there is no terminal to ask on',
    'Show the files with --dry-run, then write them with --yes.',
  );
}

function noteSteps(steps: readonly Step[], terminal: Terminal): void {
  if (steps.length === 0) return;
  const lines = steps.map(
    (step, at) => `  ${at + 1}. ${formatStep(step).split('\n').map(harmless).join('\n     ')}`,
  );
  terminal.note(`\nNext steps:\n${lines.join('\n')}\n`);
}
