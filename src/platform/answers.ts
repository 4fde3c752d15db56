import type { BodyMode, ClientAuth } from './profile.js';
import type { ReasonCode } from './reason.js';

/** One refusal of a token endpoint and what it means; the first row that fits counts. */
export interface TokenAnswer {
  readonly status: number;
  /** The JSON body's `error` (RFC 6749, 5.2); absent: any or none. */
  readonly error?: string;
  /** A part of the JSON body's `error_description`, or of `error` where Keycloak puts its prose; absent: any. */
  readonly says?: string;
  /** Fits only a request that named its client in a form-data body. */
  readonly formDataOnly?: true;
  readonly reason: ReasonCode;
}

/**
 * What Keycloak answers to a token request that it refuses, measured on 26.4.0 and 21.1.2
 * (docs/keycloak.md). `generate` copies this table into the collection's test script; the embedded platform
 * is tested against it.
 *
 * The same 401 `invalid_client` means "unknown client" or "form-data not read", so that the request's own
 * shape has to decide.
 */
export const tokenAnswers: readonly TokenAnswer[] = [
  { status: 401, error: 'invalid_grant', reason: 'invalid-user-credentials' },
  { status: 400, error: 'invalid_grant', says: 'Account disabled', reason: 'account-disabled' },
  { status: 400, error: 'invalid_grant', says: 'not fully set up', reason: 'account-not-set-up' },
  { status: 400, error: 'invalid_grant', reason: 'invalid-user-credentials' },
  { status: 401, error: 'invalid_client', formDataOnly: true, reason: 'form-data-not-read' },
  { status: 415, reason: 'form-data-not-read' },
  { status: 401, error: 'invalid_client', reason: 'client-unknown' },
  { status: 400, error: 'invalid_client', reason: 'client-unknown' },
  { status: 401, error: 'unauthorized_client', reason: 'client-needs-secret' },
  { status: 400, error: 'unauthorized_client', reason: 'direct-grants-off' },
  { status: 401, error: 'invalid_request', says: 'username', reason: 'username-not-received' },
  { status: 400, error: 'invalid_request', says: 'username', reason: 'username-not-received' },
  { status: 400, error: 'invalid_request', says: 'grant_type', reason: 'grant-unsupported' },
  { status: 400, error: 'invalid_scope', reason: 'scope-unknown' },
  { status: 400, error: 'unsupported_grant_type', reason: 'grant-unsupported' },
  { status: 404, says: 'Realm does not exist', reason: 'realm-unknown' },
  { status: 403, error: 'invalid_request', reason: 'https-required' },
  { status: 429, reason: 'rate-limited' },
];

/** How the request whose answer is explained was sent. */
export interface TokenRequestShape {
  readonly bodyMode: BodyMode;
  readonly clientAuth: ClientAuth;
}

/** The body of a token endpoint's refusal, as far as it could be read. */
export interface RefusalBody {
  readonly error?: unknown;
  readonly error_description?: unknown;
}

/**
 * Says why a token endpoint did not answer 200.
 *
 * @param status the HTTP status, 100 to 599 and not 200
 * @param body the parsed JSON body, or `undefined` where it is none
 */
export function explainRefusal(
  status: number,
  body: RefusalBody | undefined,
  { bodyMode, clientAuth }: TokenRequestShape,
): ReasonCode {
  const formData = bodyMode === 'formdata' && clientAuth === 'body';
  const prose = [body?.error, body?.error_description].filter((value) => typeof value === 'string').join(' ');
  const answer = tokenAnswers.find(
    (row) =>
      row.status === status &&
      (row.error === undefined || row.error === body?.error) &&
      (row.says === undefined || prose.includes(row.says)) &&
      (row.formDataOnly === undefined || formData),
  );
  if (answer !== undefined) return answer.reason;
  if (status >= 300 && status < 400) return 'redirected';
  return status >= 500 ? 'server-error' : 'status-unexpected';
}
