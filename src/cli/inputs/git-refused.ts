import { optionError } from '../../errors/option-error.js';
import { GitFailed } from '../../git/run.js';

/**
 * Says in git's own words why it does not answer about a folder that lies in a git work tree, or should.
 *
 * @param option what the command line names
 * @param instead what works without git, if anything does: a part of a sentence
 * @throws {BiotzPostmanError} OPTION_INVALID for what git refuses; everything else as it is
 */
export function refusedByGit(option: string, error: unknown, instead?: string): never {
  if (!(error instanceof GitFailed)) throw error;
  throw optionError('OPTION_INVALID', {
    option,
    problem: `needs an answer from git, which failed: ${error.reason.replace(/\.$/, '')}`,
    next: `${[remedyOf(error.reason), instead].filter(Boolean).join(', or ')}.`,
  });
}

function remedyOf(reason: string): string {
  if (reason === 'ENOENT') return 'Install git';
  // The second is how git 2.35 puts it.
  const [, folder] =
    /dubious ownership in repository at '(.*)'/.exec(reason) ??
    /unsafe repository \('(.*?)'/.exec(reason) ??
    [];
  return folder === undefined
    ? 'Fix what "git status" reports there'
    : `If you trust that repository, run: git config --global --add safe.directory '${folder}'`;
}
