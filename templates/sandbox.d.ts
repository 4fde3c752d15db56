import type { TokenAnswer as Answer } from '../src/platform/answers.js';
import type { ReasonProse } from '../src/prose/reasons.js';

declare global {
  /** What stands in place of `generate: tokenAnswers` in a generated script. */
  type TokenAnswers = readonly Answer[];

  /** What stands in place of `generate: reasons` in a generated script. */
  type Reasons = Readonly<Record<string, ReasonProse>>;

  /** Postman's types of a test script lack what only a pre-request script has. */
  interface Execution {
    skipRequest(): void;
  }
}
