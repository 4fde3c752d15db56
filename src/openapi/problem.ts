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
