import { defineErrors } from '../errors/define-errors.js';

const list = (items: readonly (string | number)[]) => items.join(', ');

/** `problem` is a clause about the file, `next` the next step if it differs from the usual one. */
interface InvalidFile {
  readonly file: string;
  readonly problem: string;
  readonly next?: string;
}

export const postmanError = defineErrors({
  /** `--device` names no created device of the file. The message omits the name, which may be a misplaced password. */
  DEVICE_NOT_FOUND: ({
    file,
    positions,
  }: {
    readonly file: string;
    readonly device: string;
    /** Numbers of the names that were not found, counted from 1; absent if only one name was given. */
    readonly positions?: readonly number[];
  }) => ({
    reason: `--device${positions === undefined ? '' : ` (number ${list(positions)})`} names no created device of ${file}.`,
    next: 'Check the spelling: names must match exactly.',
  }),
  /** `--device` is a name that several devices share. */
  DEVICE_AMBIGUOUS: ({ device, lines }: { readonly device: string; readonly lines: readonly number[] }) => ({
    reason: `"${device}" is the name of several devices (lines ${list(lines)}).`,
    next: 'Pass the device id instead.',
  }),
  TEMPLATE_INVALID: ({ file, problem }: Omit<InvalidFile, 'next'>) => ({
    reason: `${file}: ${problem}.`,
    next: 'Compare it with the template of biotz-postman; docs/templates.md describes every part.',
  }),
  COLLECTION_INVALID: ({ file, problem, next }: InvalidFile) => ({
    reason: `${file}: ${problem}.`,
    next:
      next ?? 'Export it from Postman as "Collection v2.1", or generate it with "biotz-postman generate".',
  }),
  ENVIRONMENT_INVALID: ({ file, problem, next }: InvalidFile) => ({
    reason: `${file}: ${problem}.`,
    next: next ?? 'Export the environment from Postman, or generate it with "biotz-postman generate".',
  }),
  /** `--folder` names no request or folder of the collection. */
  REQUEST_NOT_FOUND: ({ known }: { readonly request: string; readonly known: readonly string[] }) => ({
    reason: 'The collection has no request or folder with the requested name or id.',
    next: `It has: ${list(known)}.`,
  }),
});
