import type { JudgedAnswer, UsableAnswer } from '../platform/answers.js';
import type { Connections } from '../http/connections.js';
import type { Realm } from '../token/discovery.js';
import { readSignedToken } from '../token/signed-token.js';
import { createVerifier } from '../token/verify.js';
import { type Finding, finding, reasonFinding } from './finding.js';

/** A shorter lifetime ends before a user has pasted the token anywhere. */
const SHORT_LIFETIME_S = 60;

/** An id_token without its signature, so that it cannot be used. */
export interface TokenFacts {
  readonly alg: string;
  readonly kid?: string;
  readonly claims: Readonly<Record<string, unknown>>;
  /** Time from its issue until it expires. If it has no time of issue, time from its arrival. */
  readonly lifetimeS: number;
}

/**
 * Reads an id_token, even if it cannot be used.
 *
 * @param receivedAt in milliseconds since 1970
 * @returns `undefined` if there is no id_token, or if it requires an extension that this reader does not know
 */
export function readIdToken(answer: JudgedAnswer, receivedAt: number): TokenFacts | undefined {
  const text = answer.reason === undefined ? answer.idToken : answer.body?.['id_token'];
  const token = typeof text === 'string' ? readSignedToken(text) : undefined;
  if (token === undefined) return undefined;
  const { alg, kid, claims } = token;
  const { exp, iat } = claims;
  const issuedAt = typeof iat === 'number' ? iat : receivedAt / 1000;
  const lifetimeS = Math.round((typeof exp === 'number' ? exp : issuedAt) - issuedAt);
  return { alg, ...(kid !== undefined && { kid }), claims, lifetimeS };
}

export interface IdTokenCheck {
  readonly connections: Connections;
  /** `undefined` if its keys cannot be read. */
  readonly realm: Realm | undefined;
  readonly clientId: string;
  readonly now: () => number;
}

/** Verifies an id_token, and warns of reasons why a receiver may refuse it later. */
export async function checkIdToken(
  { idToken, namesUser }: UsableAnswer,
  facts: TokenFacts,
  { connections, realm, clientId, now }: IdTokenCheck,
): Promise<readonly Finding[]> {
  const { alg, kid, claims, lifetimeS } = facts;
  const evidence = { alg, ...(kid !== undefined && { kid }) };
  const findings: Finding[] = [];
  if (realm === undefined) {
    findings.push(finding('id-token', 'unknown', 'id-token-unchecked', {}, evidence));
  } else {
    const reason = await createVerifier({ connections, realm, clientId, now }).verify(idToken);
    if (reason !== undefined) return [reasonFinding('id-token', 'failure', reason, evidence)];
    findings.push(finding('id-token', 'pass', 'id-token-genuine', { lifetimeS }, evidence));
  }
  if (!namesUser) findings.push(reasonFinding('id-token', 'warning', 'id-token-names-no-user'));
  if (lifetimeS < SHORT_LIFETIME_S) {
    findings.push(finding('id-token', 'warning', 'id-token-short-lived', { lifetimeS }));
  }
  // RFC 7519, 4.1.3: one audience or a list. A receiver that checks only `aud` would refuse the token.
  const { aud } = claims;
  if (aud !== clientId && !(Array.isArray(aud) && aud.includes(clientId))) {
    findings.push(finding('id-token', 'warning', 'id-token-audience-elsewhere', { clientId }));
  }
  return findings;
}
