import { defineErrors } from '../errors/define-errors.js';
import type { IgnoreRule } from './exposure.js';

export const gitError = defineErrors({
  /** A file of secrets would be written where git takes it along, or over one that git tracks. `option` says where. */
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
      ? `Not written, because git would take the secrets along: it tracks ${file} (${option}).`
      : `Not written, because git would take the secrets along: ${file} (${option}) is in the work tree ${workTree}, which does not ignore it.`,
    next: tracked
      ? `Take it out of the index (git rm --cached -r), add the line ${rule} to ${workTree}/.gitignore, and change the passwords that were committed.`
      : `Add the line ${rule} to ${workTree}/.gitignore, or choose a place outside.`,
  }),
});
