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
