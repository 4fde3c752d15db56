import { defineErrors } from '../errors/define-errors.js';

export const openapiError = defineErrors({
  /** The API description cannot be used. `problem` is a full clause, e.g. `it has no paths`. */
  OPENAPI_INVALID: ({ file, line, column, problem, next }: OpenApiProblem & { readonly file: string }) => ({
    reason: `${[file, line, column].filter((part) => part !== undefined).join(':')}: ${problem}; nothing was written.`,
    next:
      next ??
      'Pass an OpenAPI 3.0 or 3.1 or Swagger 2.0 document in JSON or YAML. docs/openapi.md lists what it may contain.',
  }),
});

/** Reason why a document cannot be used: the arguments of OPENAPI_INVALID without the file's name. */
export interface OpenApiProblem {
  /** Counted from 1; present if a place in the text is at fault. */
  readonly line?: number;
  readonly column?: number;
  /** A full clause, e.g. `it has no paths`. It quotes only keys, paths and references of the document. */
  readonly problem: string;
  /** The next step, if it differs from the usual one. */
  readonly next?: string;
}

/** Thrown in the reading thread. Only its facts are sent to the main thread, because an error would carry its stack. */
export class OpenApiRefusal extends Error {
  readonly facts: OpenApiProblem;

  constructor(problem: string, rest: Omit<OpenApiProblem, 'problem'> = {}) {
    super(problem);
    this.facts = { problem, ...rest };
  }
}
