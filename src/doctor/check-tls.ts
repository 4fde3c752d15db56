import {
  checkServerIdentity,
  type DetailedPeerCertificate,
  type SecureContext,
  type TLSSocket,
} from 'node:tls';
import { errorCode } from '../errors/error-code.js';
import { NoAnswerError } from '../http/reply.js';
import { explainConnectionError } from '../platform/connection-error.js';
import { isLoopback } from '../platform/urls.js';
import { dialSecurely, hostOf, type Route } from './dial.js';
import { type CheckStatus, type Evidence, type Finding, finding, reasonFinding } from './finding.js';

/**
 * Days before its end at which a certificate should have been renewed. Automatic renewal happens when a third of its
 * validity is left, which is 30 of the usual 90 days.
 *
 * @see https://letsencrypt.org/docs/integration-guide/#when-to-renew
 */
const SOON_DAYS = 14;

/** OpenSSL's codes for the dates, which are checked separately. */
const dateCodes = new Set(['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID']);

export interface TlsOptions {
  /** With the client certificate, if there is one. */
  readonly secureContext: SecureContext;
  readonly http2: boolean;
  /** In milliseconds since 1970. */
  readonly now: number;
}

/** Checks the server's identity. With `insecure`, faults are only warnings. */
export async function checkTls(route: Route, options: TlsOptions): Promise<readonly Finding[]> {
  const { target, insecure } = route;
  if (target.protocol !== 'https:') {
    const status = isLoopback(target.hostname) ? 'skipped' : 'warning';
    return [finding('tls', status, 'tls-absent', { origin: target.origin })];
  }
  try {
    const socket = await dialSecurely(route, options);
    try {
      const presented = readCertificates(socket, hostOf(target));
      return judge(presented, hostOf(target), options.now, insecure ? 'warning' : 'failure');
    } finally {
      socket.destroy();
    }
  } catch (error) {
    if (error instanceof NoAnswerError) {
      const { reason, code } = error.reply;
      return [reasonFinding('tls', 'failure', reason, code === undefined ? {} : { error: code })];
    }
    const reason = explainConnectionError(error);
    const problem = errorCode(error) ?? 'unknown';
    if (reason === 'timeout') return [reasonFinding('tls', 'failure', reason)];
    return [finding('tls', 'failure', 'tls-failed', { problem })];
  }
}

function judge(presented: Presented, host: string, now: number, bad: CheckStatus): readonly Finding[] {
  const { chain, distrust, isForHost, protocol, evidence } = presented;
  const [own] = chain;
  // OpenSSL accepts an expired authority if the chain has another path to a valid one.
  const dated = dateCodes.has(distrust ?? '') ? chain : chain.slice(0, 1);
  const faults = dated.flatMap((link) => judgeDates(link, now, bad, evidence));
  if (!isForHost) faults.push(finding('tls', bad, 'certificate-of-another-host', { host }, evidence));
  // The dates were reported above, unless OpenSSL's clock differs.
  if (distrust !== undefined && (!dateCodes.has(distrust) || faults.length === 0)) {
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

const DAY_MS = 86_400_000;

/** A certificate of the chain that a server presented. */
interface Link {
  readonly subject: string;
  /** In milliseconds since 1970. */
  readonly validFrom: number;
  readonly validTo: number;
}

/** What a server presented. */
interface Presented {
  /** The server's own certificate is the first. */
  readonly chain: readonly Link[];
  /** OpenSSL's code if it does not trust the chain. The host name is not part of that. */
  readonly distrust: string | undefined;
  /** Whether the certificate is for this host. */
  readonly isForHost: boolean;
  readonly protocol: string;
  readonly evidence: Evidence;
}

/** Reads the certificates and the protocol of a connection. */
function readCertificates(socket: TLSSocket, host: string): Presented {
  const certificate = socket.getPeerCertificate(true);
  const chain = [...linksOf(certificate)];
  const protocol = socket.getProtocol() ?? 'unknown';
  const [own] = chain;
  return {
    chain,
    // Node's types declare an Error; it is the code.
    distrust: socket.authorized ? undefined : String(socket.authorizationError),
    isForHost: checkServerIdentity(host, certificate) === undefined,
    protocol,
    evidence: {
      protocol,
      cipher: socket.getCipher().name,
      ...(socket.alpnProtocol !== false && socket.alpnProtocol !== null && { http: socket.alpnProtocol }),
      subject: own?.subject ?? 'none',
      issuer: nameOf(certificate.issuer),
      names: certificate.subjectaltname ?? 'none',
      ...(own !== undefined && { validFrom: iso(own.validFrom), validTo: iso(own.validTo) }),
      chain: chain.slice(1).map(({ subject }) => subject),
    },
  };
}

/** The chain. The last certificate names itself as its issuer, or has no issuer here. */
function* linksOf(certificate: DetailedPeerCertificate): Generator<Link> {
  const seen = new Set<string>();
  let link: DetailedPeerCertificate | undefined = certificate;
  while (link?.fingerprint256 !== undefined && !seen.has(link.fingerprint256)) {
    seen.add(link.fingerprint256);
    const { subject, valid_from: from, valid_to: to } = link;
    yield { subject: nameOf(subject), validFrom: Date.parse(from), validTo: Date.parse(to) };
    link = link.issuerCertificate;
  }
}

/** A name as in RFC 4514, simplified: `CN=auth.example.org, O=Example`. */
function nameOf(name: object | undefined): string {
  const parts = Object.entries(name ?? {}).map(([key, value]) => `${key}=${String(value)}`);
  return parts.length > 0 ? parts.toReversed().join(', ') : 'none';
}

function iso(time: number): string {
  return Number.isNaN(time) ? 'unknown' : new Date(time).toISOString();
}

/** Whole days from one time to another, in milliseconds since 1970. */
function daysBetween(from: number, to: number): number {
  return Math.floor((to - from) / DAY_MS);
}
