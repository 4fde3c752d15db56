import { expect, test } from '@jest/globals';
import { explainConnectionError } from '../../../src/platform/connection-error.js';

/** As Newman's tunnel reports it. */
function tunnelError(why: string): object {
  return { code: 'ECONNRESET', message: `tunneling socket could not be established, ${why}` };
}

test.each([
  [{ code: 'ENOTFOUND' }, 'host-not-found'],
  [{ code: 'EAI_AGAIN' }, 'host-not-found'],
  [{ code: 'ECONNREFUSED' }, 'connection-refused'],
  [{ code: 'ECONNRESET' }, 'connection-reset'],
  [{ message: 'socket hang up' }, 'connection-reset'],
  [{ code: 'ESOCKETTIMEDOUT' }, 'timeout'],
  [{ code: 'HPE_HEADER_OVERFLOW' }, 'answer-too-large'],
  [{ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }, 'certificate-invalid'],
  [{ code: 'ERR_TLS_CERT_ALTNAME_INVALID' }, 'certificate-invalid'],
  [{ code: 'INVALID_PURPOSE' }, 'certificate-invalid'],
  [{ code: 'ERR_SSL_WRONG_VERSION_NUMBER' }, 'connection-failed'],
  [{ code: 'ERR_TLS_HANDSHAKE_TIMEOUT' }, 'connection-failed'],
  [{ code: 'EPROTO' }, 'connection-failed'],
  [{ code: 'ERR_INVALID_URL' }, 'url-invalid'],
  [{ code: 'EHOSTUNREACH' }, 'connection-failed'],
  [new Error('something else'), 'connection-failed'],
  [{ code: 'Z_DATA_ERROR' }, 'answer-not-json'],
  [{ code: 'ERR__ERROR_FORMAT_PADDING_2' }, 'answer-not-json'],
  [tunnelError('statusCode=403'), 'proxy-failed'],
  [tunnelError('cause=socket hang up'), 'proxy-failed'],
  [tunnelError('cause=getaddrinfo ENOTFOUND proxy.example.org'), 'proxy-failed'],
] as const)('%p is %s', (error, reason) => {
  expect(explainConnectionError(error)).toBe(reason);
});
