import { errors } from 'undici';
import { errorCode } from '../errors/error-code.js';
import { explainConnectionError, NOT_HTTP } from '../platform/connection-error.js';
import type { ReasonCode } from '../platform/reason.js';

/** Result of one HTTP request. */
export type Reply = Answer | NoAnswer;

/** An answer that arrived whole. */
export interface Answer {
  /** 200 to 599. */
  readonly status: number;
  /** The body, unpacked, as UTF-8. It may hold tokens. */
  readonly text: string;
  /** The Retry-After header as it was sent. */
  readonly retryAfter: string | undefined;
  /** The Date header as it was sent; Keycloak 26 sends none. */
  readonly date: string | undefined;
}

/** No answer, or an incomplete one. */
export interface NoAnswer {
  readonly status: undefined;
  readonly reason: ReasonCode;
  /** Code of Node, OpenSSL or the HTTP client, e.g. `CERT_HAS_EXPIRED`, if that says more than the reason. */
  readonly code?: string;
}

/** Carries a reason through undici, which only accepts errors. */
export class NoAnswerError extends Error {
  readonly reply: NoAnswer;

  constructor(reason: ReasonCode, code?: string) {
    super(reason);
    this.reply = { status: undefined, reason, ...(code !== undefined && { code }) };
  }
}

/** @see https://github.com/nodejs/undici/blob/v7.x/docs/docs/api/Errors.md */
const reasonByUndiciCode: Readonly<Record<string, ReasonCode>> = {
  UND_ERR_CONNECT_TIMEOUT: 'timeout',
  UND_ERR_HEADERS_OVERFLOW: 'answer-too-large',
  // The server hung up: before an answer, or before its end.
  UND_ERR_SOCKET: 'connection-reset',
  // Over HTTP/2, of this request's stream alone.
  UND_ERR_INFO: 'connection-reset',
};

/** Reasons that leave open what exactly was wrong. */
const unspecific: ReadonlySet<ReasonCode> = new Set<ReasonCode>(['certificate-invalid', 'connection-failed']);

/** Explains an error of undici as the reason why a request got no answer. */
export function noAnswer(error: unknown): NoAnswer {
  if (error instanceof NoAnswerError) return error.reply;
  // undici 7.30 has no code for an answer that is not HTTP, or for a last chunk that never arrived.
  const isMalformed =
    error instanceof errors.HTTPParserError || error instanceof errors.ResponseContentLengthMismatchError;
  if (isMalformed) {
    return error.message.includes('Invalid EOF state')
      ? { status: undefined, reason: 'connection-reset' }
      : { status: undefined, reason: 'answer-not-json', code: NOT_HTTP };
  }
  const code = errorCode(error);
  const reason = reasonByUndiciCode[code ?? ''] ?? explainConnectionError(error);
  return { status: undefined, reason, ...(code !== undefined && unspecific.has(reason) && { code }) };
}
