import type { ApiRequests } from '../postman/document.js';
import type { OpenApiProblem } from './problem.js';

/** What the thread is born with. */
export interface ToReader {
  /** The document's text. */
  readonly text: string;
  /** Where the requests go, in place of what the document says. */
  readonly address: string | undefined;
}

/** The one thing that it says. */
export type FromReader = { readonly requests: ApiRequests } | { readonly problem: OpenApiProblem };
