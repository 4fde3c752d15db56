import { defineErrors } from '../errors/define-errors.js';

const list = (items: readonly (string | number)[]) => items.join(', ');

export const postmanError = defineErrors({
  /** `--device` names no created device of the file. */
  // The name is not repeated: it may be a password that was given in the wrong place.
  DEVICE_NOT_FOUND: ({
    file,
    positions,
  }: {
    readonly file: string;
    readonly device: string;
    /** Which of several names were not found, counted from 1; absent if only one was given. */
    readonly positions?: readonly number[];
  }) => ({
    reason: `--device${positions === undefined ? '' : ` (number ${list(positions)})`} names no created device of ${file}.`,
    next: 'Names are compared exactly; "biotz-postman check" lists how many devices the file has.',
  }),
  /** `--device` names several devices: a name that is used twice. */
  DEVICE_AMBIGUOUS: ({ device, lines }: { readonly device: string; readonly lines: readonly number[] }) => ({
    reason: `"${device}" is the name of several devices (lines ${list(lines)}).`,
    next: 'Name the one you mean by its device id.',
  }),
  TEMPLATE_INVALID: ({ file, problem }: { readonly file: string; readonly problem: string }) => ({
    reason: `${file}: ${problem}.`,
    next: 'Compare it with the template that comes with biotz-postman; docs/templates.md names every part.',
  }),
  COLLECTION_INVALID: ({
    file,
    problem,
    next,
  }: {
    readonly file: string;
    readonly problem: string;
    readonly next?: string;
  }) => ({
    reason: `${file}: ${problem}.`,
    next:
      next ?? 'Export it from Postman as "Collection v2.1", or make it again with "biotz-postman generate".',
  }),
  ENVIRONMENT_INVALID: ({
    file,
    problem,
    next,
  }: {
    readonly file: string;
    readonly problem: string;
    readonly next?: string;
  }) => ({
    reason: `${file}: ${problem}.`,
    next: next ?? 'Export the environment from Postman, or make it again with "biotz-postman generate".',
  }),
  /** `--folder` names no request or folder of the collection. */
  REQUEST_NOT_FOUND: ({ known }: { readonly request: string; readonly known: readonly string[] }) => ({
    reason: 'The collection has no request or folder with the requested name or id.',
    next: `It has: ${list(known)}.`,
  }),
});
