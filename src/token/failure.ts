import type { ReasonCode } from '../platform/reason.js';
import { repeatAfter, retryAfterMs } from '../platform/repeat.js';
import { GET_TOKEN } from '../platform/request-names.js';
import type { AttemptFailure } from '../result/attempt.js';
import { plainOrLength } from '../text/plain-words.js';
import type { Answer, NoAnswer } from '../http/reply.js';

/** Refusals that only the server's own words explain. */
const unexplained: ReadonlySet<ReasonCode> = new Set<ReasonCode>(['status-unexpected', 'server-error']);

/** A login that got no answer. */
export function unanswered({ reason, code }: NoAnswer): AttemptFailure {
  return failure(reason, undefined, code);
}

export interface Refusal {
  readonly reason: ReasonCode;
  readonly answer: Answer;
  /** The answer's body, where it is a JSON object. */
  readonly body?: Readonly<Record<string, unknown>> | undefined;
  /** What must not be in the server's words. */
  readonly password: string;
  /** In milliseconds since 1970. */
  readonly now: number;
}

/** A login whose answer cannot be used. */
export function refused({ reason, answer, body, password, now }: Refusal): AttemptFailure {
  const said = unexplained.has(reason) ? wordsOf(body, password) : '';
  const retryAfter = retryAfterMs(answer.retryAfter, now);
  return {
    ...failure(reason, answer.status, said === '' ? undefined : said),
    ...(retryAfter !== undefined && { retryAfterMs: retryAfter }),
  };
}

function failure(reason: ReasonCode, status: number | undefined, detail: string | undefined): AttemptFailure {
  const repeatAfterMs = repeatAfter({ reason, status, code: detail, isLogin: true });
  return {
    reason,
    request: GET_TOKEN,
    ...(detail !== undefined && { detail }),
    ...(repeatAfterMs !== undefined && { repeatAfterMs }),
  };
}

/** What a server says about a refusal (RFC 6749, 5.2), as far as it is plain prose. */
function wordsOf(body: Refusal['body'], password: string): string {
  return [body?.['error'], body?.['error_description']]
    .filter((value) => typeof value === 'string' && value !== '')
    .map((value) => plainOrLength(String(value), [password]))
    .join(': ');
}
