import { defineErrors } from '../errors/define-errors.js';

export const openapiError = defineErrors({
  /** Not an API description that can be used. `problem` is a full clause, e.g. `it has no paths`. */
  OPENAPI_INVALID: ({
    file,
    line,
    column,
    problem,
    next,
  }: {
    readonly file: string;
    readonly line?: number;
    readonly column?: number;
    readonly problem: string;
    readonly next?: string;
  }) => ({
    reason: `${[file, line, column].filter((part) => part !== undefined).join(':')}: ${problem}; nothing was written.`,
    next:
      next ??
      'Give an OpenAPI 3.0 or 3.1 or Swagger 2.0 document, in JSON or YAML; docs/openapi.md says what it may have.',
  }),
});

/** Why a document cannot be used; with the file's name it is what OPENAPI_INVALID carries. */
export interface OpenApiProblem {
  /** 1-based, where the text itself is at fault. */
  readonly line?: number;
  readonly column?: number;
  /** A full clause, e.g. `has no paths`. Nothing of the document is in it but keys, paths and references. */
  readonly problem: string;
  /** What to do, where it is not what one always does. */
  readonly next?: string;
}

/** How the thread that reads a document turns back. It crosses over as data: an error would come with its stack. */
export class OpenApiRefusal extends Error {
  readonly facts: OpenApiProblem;

  constructor(problem: string, rest: Omit<OpenApiProblem, 'problem'> = {}) {
    super(problem);
    this.facts = { problem, ...rest };
  }
}
