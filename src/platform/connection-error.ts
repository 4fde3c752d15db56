import type { ReasonCode } from './reason.js';

const reasonByErrno: Readonly<Record<string, ReasonCode>> = {
  ENOTFOUND: 'host-not-found',
  EAI_AGAIN: 'host-not-found',
  ECONNREFUSED: 'connection-refused',
  ECONNRESET: 'connection-reset',
  EPIPE: 'connection-reset',
  ECONNABORTED: 'connection-reset',
  ETIMEDOUT: 'timeout',
  ESOCKETTIMEDOUT: 'timeout',
  // Node takes a head of 16 KB at most.
  HPE_HEADER_OVERFLOW: 'answer-too-large',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 'answer-too-large',
  // The connection ended inside the answer's head.
  HPE_INVALID_EOF_STATE: 'connection-reset',
  // zlib's, for a body that unpacks to more than is taken.
  ERR_BUFFER_TOO_LARGE: 'answer-too-large',
};

/**
 * Codes of Node and OpenSSL for a certificate that is not accepted. Other failures of TLS (`ERR_SSL_…`,
 * `ERR_TLS_…`, `EPROTO`) say nothing about the certificate: often no TLS is spoken at that port.
 */
const certificateCodes = new Set([
  'CERT_CHAIN_TOO_LONG',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'CERT_REJECTED',
  'CERT_REVOKED',
  'CERT_SIGNATURE_FAILURE',
  'CERT_UNTRUSTED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'HOSTNAME_MISMATCH',
  'INVALID_CA',
  'INVALID_PURPOSE',
  'PATH_LENGTH_EXCEEDED',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

/** zlib's and Brotli's codes for a body that is not packed as its Content-Encoding says. */
const undecodable = /^(Z_|ERR__ERROR_)/;

/** Codes of Node's HTTP parser for bytes that break the rules of HTTP. */
const malformed = /^HPE_/;

/** How a malformed answer is called in both lanes: the parsers of Node and undici name the fault differently. */
export const NOT_HTTP = 'not valid HTTP';

/**
 * The words of the agent through which Newman asks a proxy for a tunnel.
 *
 * @see https://github.com/postmanlabs/tunnel-agent/blob/master/index.js
 */
const tunnelFailure = /^tunneling socket could not be established, (?:statusCode=(\d{3})|cause=)/;

/**
 * The exact problem, if the reason leaves it open: the status with which a proxy refused Newman a tunnel, as
 * `HTTP 403`, or that the answer is not HTTP.
 */
export function connectionDetail(error: unknown): string | undefined {
  const { code, message } = error as { code?: unknown; message?: unknown };
  const status = typeof message === 'string' ? tunnelFailure.exec(message)?.[1] : undefined;
  if (status !== undefined) return `HTTP ${status}`;
  const isMalformed = typeof code === 'string' && malformed.test(code) && reasonByErrno[code] === undefined;
  return isMalformed ? NOT_HTTP : undefined;
}

/**
 * Says why a request got no answer, or none that can be read.
 *
 * @param error what the HTTP client reported; its `code` is looked at, and its message for Node's "socket hang up"
 *   and for a tunnel
 * @see https://nodejs.org/docs/latest-v20.x/api/errors.html#common-system-errors
 * @see https://nodejs.org/docs/latest-v20.x/api/tls.html#x509-certificate-error-codes
 */
export function explainConnectionError(error: unknown): ReasonCode {
  const { code, message } = error as { code?: unknown; message?: unknown };
  // Newman's tunnel gives every failure of a proxy the code of a server that hangs up.
  if (typeof message === 'string' && tunnelFailure.test(message)) return 'proxy-failed';
  if (typeof code === 'string') {
    if (certificateCodes.has(code)) return 'certificate-invalid';
    const reason = reasonByErrno[code];
    if (reason !== undefined) return reason;
    if (code === 'ERR_INVALID_URL') return 'url-invalid';
    if (undecodable.test(code) || malformed.test(code)) return 'answer-not-json';
  }
  if (typeof message === 'string' && message.includes('socket hang up')) return 'connection-reset';
  return 'connection-failed';
}
