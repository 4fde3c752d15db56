import { secureContextOf } from '../http/certificates.js';
import { checkName, firstHop } from './check-name.js';
import { checkPort } from './check-port.js';
import { checkProxy } from './check-proxy.js';
import { checkTls } from './check-tls.js';
import type { Finding } from './finding.js';
import type { Subject } from './subject.js';

/** As long as connections take at most to be made; a request's own deadline may be shorter. */
const LONGEST_CONNECT_MS = 10_000;

/**
 * Goes the way to the token endpoint's server step by step, and sends it nothing. Each step is taken only where
 * the one before it did not fail.
 *
 * @throws {BiotzPostmanError} CERTIFICATE_UNUSABLE, OPTION_INVALID
 */
export async function* examineNetwork(subject: Subject): AsyncGenerator<readonly Finding[]> {
  const { profile, connection, ignoredProxies, now, resolve } = subject;
  const { ca = [], clientCertificate, insecure = false, http2 = false } = connection;
  const timeoutMs = Math.min(connection.timeoutMs ?? LONGEST_CONNECT_MS, LONGEST_CONNECT_MS);
  const target = new URL(profile.tokenUrl);
  // First, because they may turn out to be unusable.
  const proxyContext = secureContextOf(ca);
  const secureContext = secureContextOf(ca, clientCertificate);

  const { proxy, findings } = checkProxy(target, { ...connection.proxy, ignored: ignoredProxies });
  yield findings;
  const hop = firstHop(target, proxy);
  const named = await checkName(hop, resolve, timeoutMs);
  yield named.findings;
  yield await checkPort(hop, named.addresses, timeoutMs);
  yield await checkTls(
    { target, proxy, proxyContext, insecure, timeoutMs },
    { secureContext, http2, now: now() },
  );
}
