import type { BiotzPostmanError } from '../errors/biotz-postman-error.js';
import type { Reply } from '../http/reply.js';
import { isNeverArrived, retryAfterMs } from '../platform/repeat.js';
import { redact } from '../secret/redact.js';
import { isObject, parseObject } from '../text/json.js';
import { quote } from '../text/quote.js';
import { textOf } from './document.js';
import { type ApiCall, workspaceError } from './errors.js';

/** A write that may have been carried out: no answer arrived, or the answer does not say. */
export class OutcomeUnknown extends Error {
  readonly error: Error;

  constructor(error: Error) {
    super(error.message);
    this.error = error;
  }
}

/** Whether the month's calls are used up, so that waiting does not help. */
export const isServiceLimit = (text: string) => text.includes('serviceLimitExhausted');

/**
 * The error for a reply that is not a success.
 *
 * @param key is removed from the API's own words
 * @param now in milliseconds since 1970
 */
export function apiError(call: ApiCall, reply: Reply, key: string, now: number): BiotzPostmanError {
  if (reply.status === undefined) {
    const { reason, code } = reply;
    return workspaceError('POSTMAN_UNREACHABLE', { call, reason, ...(code !== undefined && { code }) });
  }
  const { status } = reply;
  const said = wordsOf(reply.text, key);
  if (status === 429) {
    const waitMs = retryAfterMs(reply.retryAfter, now);
    const ofMonth = isServiceLimit(reply.text);
    return workspaceError('POSTMAN_BUSY', { call, ofMonth, ...(waitMs !== undefined && { waitMs }) });
  }
  if (status >= 500 || status === 408) return workspaceError('POSTMAN_FAILED', { call, status, said });
  // A proxy's page, or another server's.
  if (status < 300 || said === undefined) return workspaceError('POSTMAN_UNREADABLE', { call, status });
  return workspaceError('POSTMAN_REFUSED', { call, status, said });
}

/** Whether a write may have been carried out although this reply is not a success. */
export function isUncertain(reply: Reply): boolean {
  if (reply.status !== undefined) return reply.status < 300 || reply.status >= 500 || reply.status === 408;
  const { reason } = reply;
  return !isNeverArrived(reason) && !['certificate-invalid', 'url-invalid', 'url-insecure'].includes(reason);
}

/**
 * The API's own words about an error. It has two forms: `{error: {name, message, details}}`, and `{title, detail}` with
 * a list of errors (RFC 9457, 3.2).
 *
 * @see https://learning.postman.com/api-docs/api-reference
 */
function wordsOf(text: string, key: string): string | undefined {
  const body = parseObject(text);
  if (body === undefined) return undefined;
  const error = isObject(body['error']) ? body['error'] : body;
  const words = [error['message'], error['title'], error['detail']]
    .map(textOf)
    .concat(detailsIn([error['details'], error['errors'], error['invalid-params']]));
  const said = [...new Set(words.filter((each) => each !== ''))].join('; ').replaceAll('.; ', '; ');
  return quote(said, (quoted) => redact(quoted, [key]));
}

/** Members of `details` whose values are the API's own words. Every other value may be one that was sent. */
const ownWords =
  /^(?:message|detail|title|reason|description|params?|parameters?|name|names|fields?|path|pointer|property|location|in|type|code|variables?|missing)$/i;

/** Limits on the details in a message, far above what the API sends. */
const MOST_DETAILS = 10;
const DEEPEST_DETAILS = 4;

/** `details` is a text, a list, or an object such as `{param: 'key'}`. */
function detailsIn(details: unknown, name = '', depth = 0): readonly string[] {
  if (Array.isArray(details)) {
    return details.slice(0, MOST_DETAILS).flatMap((each) => detailsIn(each, name, depth + 1));
  }
  if (isObject(details)) {
    if (depth > DEEPEST_DETAILS) return [];
    return Object.entries(details)
      .slice(0, MOST_DETAILS)
      .flatMap(([key, each]) => detailsIn(each, key, depth + 1));
  }
  const text = typeof details === 'number' ? String(details) : textOf(details);
  if (text === '') return [];
  if (name === '') return [text];
  return ownWords.test(name) ? [`${name}: ${text}`] : [name];
}
