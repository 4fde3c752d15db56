import { defineErrors } from '../errors/define-errors.js';
import type { IgnoreRule } from './exposure.js';

export const gitError = defineErrors({
  /** Git would add a file of secrets to the repository, or tracks it already. `option` names the place. */
  OUTPUT_NOT_IGNORED: ({
    option,
    file,
    tracked,
    workTree,
    rule,
  }: IgnoreRule & {
    readonly option: string;
    readonly file: string;
    readonly tracked: boolean;
  }) => ({
    reason: tracked
      ? `${file} (${option}) was not written, because git tracks it and would commit the secrets.`
      : `${file} (${option}) was not written, because the git work tree ${workTree} does not ignore it.`,
    next: tracked
      ? `Remove it from the index (git rm --cached -r), add the line ${rule} to ${workTree}/.gitignore, and change the passwords that were committed.`
      : `Add the line ${rule} to ${workTree}/.gitignore, or choose a place outside of the work tree.`,
  }),
});
