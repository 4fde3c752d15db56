import { END_SESSION } from '../platform/request-names.js';
import type { JudgedAnswer } from '../platform/answers.js';
import type { WarningCode } from '../platform/reason.js';
import type { RequestResult } from '../result/device-result.js';
import type { Connections } from '../http/connections.js';
import { pathOf, realmUrls } from './discovery.js';
import { type LoginProfile, urlencoded } from './token-request.js';

/** Result of ending a session; empty if there was no session. */
export interface SessionEnd {
  readonly request?: RequestResult;
  readonly warning?: WarningCode;
}

/**
 * Logs sessions out by their refresh tokens, so that logins leave nothing at the server. Keycloak reads only
 * urlencoded bodies here, and also answers 204 if the session has already ended (measured on 26.4).
 *
 * @returns what ends the session behind a login's answer; it never rejects
 * @throws {BiotzPostmanError} REALM_UNKNOWN
 * @see https://openid.net/specs/openid-connect-rpinitiated-1_0.html, which has the endpoint, but no POST like this one
 */
export function sessionEnder(
  connections: Connections,
  { tokenUrl, clientId }: Pick<LoginProfile, 'tokenUrl' | 'clientId'>,
): (answer: JudgedAnswer) => Promise<SessionEnd> {
  const path = pathOf(realmUrls(tokenUrl).logoutUrl);
  const headers = { 'content-type': 'application/x-www-form-urlencoded', 'user-agent': 'biotz-postman' };
  return async (answer) => {
    const refreshToken = refreshTokenOf(answer);
    if (refreshToken === undefined) {
      return answer.reason === undefined ? { warning: 'session-not-endable' } : {};
    }
    const startedAt = performance.now();
    const body = urlencoded([
      ['client_id', clientId],
      ['refresh_token', refreshToken],
    ]);
    const { status } = await connections.send({ method: 'POST', path, headers, body });
    const durationMs = performance.now() - startedAt;
    return {
      request: { name: END_SESSION, durationMs, ...(status !== undefined && { status }) },
      ...(status !== 204 && { warning: 'session-not-ended' }),
    };
  };
}

/** The refresh token of an answer, also of an unusable one, which may have opened a session as well. */
function refreshTokenOf(answer: JudgedAnswer): string | undefined {
  if (answer.reason === undefined) return answer.refreshToken;
  // Another user's session must not be ended.
  if (answer.reason === 'id-token-of-another-user') return undefined;
  const token = answer.body?.['refresh_token'];
  return typeof token === 'string' && token !== '' ? token : undefined;
}
