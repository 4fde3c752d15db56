import { httpError } from './errors.js';
import { X509Certificate } from 'node:crypto';
import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls';
import type { ErrorArgsOf } from '../errors/define-errors.js';
import { errorCode } from '../errors/error-code.js';
import type { BiotzPostmanError } from '../errors/biotz-postman-error.js';

/** A certificate that authenticates the client to a server (RFC 8446, 4.4.2). */
export interface ClientCertificate {
  /** The certificate and the intermediate certificates up to its authority, in PEM. */
  readonly cert: string;
  /** Its private key, in PEM. */
  readonly key: string;
  /** Passphrase of the key, if the key is encrypted. */
  readonly passphrase?: string | undefined;
}

/**
 * Creates the context that all TLS connections share. Once, because reading the well-known authorities takes 17 ms.
 *
 * @param ca authorities in PEM, one or more to a text, trusted beside the well-known ones. Where there are
 *   any, those of NODE_EXTRA_CA_CERTS no longer count: Node 20 does not expose them
 * @throws {BiotzPostmanError} CERTIFICATE_UNUSABLE
 */
export function secureContextOf(ca: readonly string[], client?: ClientCertificate): SecureContext {
  const authorities = ca.flatMap(certificatesIn);
  // Node takes an empty text for none, and would connect without a certificate.
  if (client !== undefined && (client.cert.trim() === '' || client.key.trim() === ''))
    throw unusable('client certificate', 'its file is empty');
  try {
    return createSecureContext({
      ...(authorities.length > 0 && { ca: [...rootCertificates, ...authorities] }),
      ...client,
    });
  } catch (error) {
    // OpenSSL's text says no more than its code, and neither has a part of the key in it.
    throw unusable('client certificate', errorCode(error) ?? 'unknown');
  }
}

/** Node silently ignores an authority that it cannot read, so the certificates are checked here. */
function certificatesIn(pem: string): string[] {
  const found = pem.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
  try {
    for (const certificate of found) void new X509Certificate(certificate);
    if (found.length > 0) return found;
  } catch {
    // Reported below.
  }
  throw unusable('certificate authority', 'no certificate in PEM');
}

function unusable(
  which: ErrorArgsOf<typeof httpError>['CERTIFICATE_UNUSABLE']['which'],
  problem: string,
): BiotzPostmanError<'CERTIFICATE_UNUSABLE'> {
  return httpError('CERTIFICATE_UNUSABLE', { which, problem });
}
