import type { ReasonCode } from './reason.js';

/** Reasons under which a request got no answer from the server that it was for. */
export const noAnswer: ReadonlySet<ReasonCode> = new Set<ReasonCode>([
  'host-not-found',
  'connection-refused',
  'connection-reset',
  'connection-failed',
  'proxy-failed',
  'certificate-invalid',
  'timeout',
]);
