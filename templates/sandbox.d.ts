import type { TokenAnswer as Answer } from '../src/platform/answers.js';
import type { ReasonProse } from '../src/platform/reason.js';

declare global {
  /** Type of `generate: tokenAnswers` in a generated script. */
  type TokenAnswers = readonly Answer[];

  /** Type of `generate: reasons` in a generated script. */
  type Reasons = Readonly<Record<string, ReasonProse>>;

  /** A function of pre-request scripts that Postman's types of test scripts lack. */
  interface Execution {
    skipRequest(): void;
  }
}
