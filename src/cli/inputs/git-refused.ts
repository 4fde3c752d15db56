import { invalidOption } from '../../errors/option-error.js';
import { GitFailed } from '../../git/run.js';

/**
 * Reports in git's own words why git does not answer about a folder that is, or should be, in a git work tree.
 *
 * @param option the option or path that is concerned
 * @param instead a clause: what works without git, if anything does
 * @throws {BiotzPostmanError} OPTION_INVALID if git refuses; every other error unchanged
 */
export function refusedByGit(option: string, error: unknown, instead?: string): never {
  if (!(error instanceof GitFailed)) throw error;
  throw invalidOption(
    option,
    `needs an answer from git, which failed: ${error.reason.replace(/\.$/, '')}`,
    `${[remedyOf(error.reason), instead].filter(Boolean).join(', or ')}.`,
  );
}

function remedyOf(reason: string): string {
  if (reason === 'ENOENT') return 'Install git';
  // The second pattern is the message of git 2.35.
  const [, folder] =
    /dubious ownership in repository at '(.*)'/.exec(reason) ??
    /unsafe repository \('(.*?)'/.exec(reason) ??
    [];
  return folder === undefined
    ? 'Fix what "git status" reports there'
    : `If you trust that repository, run: git config --global --add safe.directory '${folder}'`;
}
