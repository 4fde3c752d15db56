import type { SecureContext } from 'node:tls';
import { errorCode } from '../errors/error-code.js';
import { explainConnectionError } from '../platform/connection-error.js';
import { isLoopback } from '../platform/urls.js';
import { NoAnswerError } from '../http/reply.js';
import { daysBetween, type Link, readCertificates, type Shown } from './certificate.js';
import { dialSecurely, hostOf, type Way } from './dial.js';
import { type CheckStatus, type Evidence, type Finding, finding, known } from './finding.js';

/**
 * Days before its end at which a certificate should have been renewed: what renews itself does so with a third of
 * the time left, 30 days of the usual 90.
 *
 * @see https://letsencrypt.org/docs/integration-guide/#when-to-renew
 */
const SOON_DAYS = 14;

/** Codes of OpenSSL that say no more than the dates do. */
const ofDates = new Set(['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID']);

export interface TlsOptions {
  /** With the client certificate, where there is one. */
  readonly secureContext: SecureContext;
  readonly http2: boolean;
  /** In milliseconds since 1970. */
  readonly now: number;
}

/** Says whether the server is who it should be. With `insecure` nothing keeps a login from going on. */
export async function checkTls(way: Way, options: TlsOptions): Promise<readonly Finding[]> {
  const { target, insecure } = way;
  if (target.protocol !== 'https:') {
    const status = isLoopback(target.hostname) ? 'skipped' : 'warning';
    return [finding('tls', status, 'tls-absent', { origin: target.origin })];
  }
  try {
    const socket = await dialSecurely(way, options);
    try {
      const shown = readCertificates(socket, hostOf(target));
      return judge(shown, hostOf(target), options.now, insecure ? 'warning' : 'failure');
    } finally {
      socket.destroy();
    }
  } catch (error) {
    if (error instanceof NoAnswerError) {
      const { reason, code } = error.reply;
      return [known('tls', 'failure', reason, code === undefined ? {} : { error: code })];
    }
    const reason = explainConnectionError(error);
    const problem = errorCode(error) ?? 'unknown';
    if (reason === 'timeout') return [known('tls', 'failure', reason)];
    return [finding('tls', 'failure', 'tls-failed', { problem })];
  }
}

function judge(shown: Shown, host: string, now: number, bad: CheckStatus): readonly Finding[] {
  const { chain, distrust, isForHost, protocol, evidence } = shown;
  const [own] = chain;
  // An authority of the chain may be past its end, and another way to one that is not: then OpenSSL is content.
  const dated = ofDates.has(distrust ?? '') ? chain : chain.slice(0, 1);
  const faults = dated.flatMap((link) => judgeDates(link, now, bad, evidence));
  if (!isForHost) faults.push(finding('tls', bad, 'certificate-of-another-host', { host }, evidence));
  // Of dates something has been said already, unless OpenSSL has another clock.
  if (distrust !== undefined && (!ofDates.has(distrust) || faults.length === 0)) {
    faults.push(finding('tls', bad, 'certificate-untrusted', { problem: distrust }, evidence));
  }
  if (faults.length > 0) return faults;
  const daysLeft = daysBetween(now, own?.validTo ?? now);
  return daysLeft < SOON_DAYS
    ? [finding('tls', 'warning', 'certificate-expires-soon', { daysLeft }, evidence)]
    : [finding('tls', 'pass', 'certificate-good', { daysLeft, protocol }, evidence)];
}

function judgeDates(
  { subject, validFrom, validTo }: Link,
  now: number,
  bad: CheckStatus,
  evidence: Evidence,
): Finding[] {
  if (validTo <= now) {
    const days = daysBetween(validTo, now);
    return [finding('tls', bad, 'certificate-expired', { subject, days }, evidence)];
  }
  if (validFrom <= now) return [];
  const days = daysBetween(now, validFrom);
  return [finding('tls', bad, 'certificate-not-yet-valid', { subject, days }, evidence)];
}
