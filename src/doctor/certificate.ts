import type { DetailedPeerCertificate, TLSSocket } from 'node:tls';
import { checkServerIdentity } from 'node:tls';
import type { Evidence } from './finding.js';

const DAY_MS = 86_400_000;

/** A certificate of the chain that a server showed. */
export interface Link {
  readonly subject: string;
  /** In milliseconds since 1970. */
  readonly validFrom: number;
  readonly validTo: number;
}

/** What a server showed of itself. */
export interface Shown {
  /** The server's own first. */
  readonly chain: readonly Link[];
  /** Why OpenSSL does not trust the chain, by its code; nobody has looked at the host name for that. */
  readonly distrust: string | undefined;
  /** Whether the certificate is for this host. */
  readonly isForHost: boolean;
  readonly protocol: string;
  readonly evidence: Evidence;
}

/** Reads what can be known of a server from a connection to it. */
export function readCertificates(socket: TLSSocket, host: string): Shown {
  const certificate = socket.getPeerCertificate(true);
  const chain = [...linksOf(certificate)];
  const protocol = socket.getProtocol() ?? 'unknown';
  const [own] = chain;
  return {
    chain,
    // Node's types call it an Error; it is the code.
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

/** The last one names itself as its issuer, or has none here. */
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

/** RFC 4514 in short: `CN=auth.example.org, O=Example`. */
function nameOf(name: object | undefined): string {
  const parts = Object.entries(name ?? {}).map(([key, value]) => `${key}=${String(value)}`);
  return parts.length > 0 ? parts.toReversed().join(', ') : 'none';
}

function iso(time: number): string {
  return Number.isNaN(time) ? 'unknown' : new Date(time).toISOString();
}

/** Whole days from one time to another, in milliseconds since 1970. */
export function daysBetween(from: number, to: number): number {
  return Math.floor((to - from) / DAY_MS);
}
