import type { ReasonCode } from './reason.js';

/**
 * Pause before the next login of a user if an earlier login may have arrived, in milliseconds:
 * Keycloak's brute-force protection locks an account for a minute after two wrong passwords within one second
 * (measured on 26.4; its setting `quickLoginCheckMilliSeconds` is 1,000 by default).
 *
 * @see https://www.keycloak.org/docs/latest/server_admin/#password-guess-brute-force-attacks
 */
export const LOGIN_GAP_MS = 1500;

/** No connection was made, so the request cannot have arrived. */
const neverArrived: ReadonlySet<ReasonCode> = new Set<ReasonCode>([
  'host-not-found',
  'connection-refused',
  'proxy-failed',
]);

/** Whether no connection was made. */
export const isNeverArrived = (reason: ReasonCode): boolean => neverArrived.has(reason);

/** The connection broke, so the request may or may not have arrived. */
const mayHaveArrived: ReadonlySet<ReasonCode> = new Set<ReasonCode>([
  'connection-reset',
  'connection-failed',
  'timeout',
]);

/**
 * Statuses that say "not now", of the server or of a proxy before it (RFC 9110, 15.5.9 and 15.6.3 to 15.6.5;
 * RFC 6585, 4). Cloudflare answers 520 to 524 if the server behind it is down, silent or unreachable; its other
 * codes are about certificates and names, which another attempt does not change.
 *
 * @see https://developers.cloudflare.com/support/troubleshooting/http-status-codes/cloudflare-5xx-errors/
 */
const notNow: ReadonlySet<number> = new Set([408, 429, 502, 503, 504, 520, 521, 522, 523, 524]);

/** A proxy's answer to CONNECT that the next attempt would get as well: it forbids the host, or requires a password. */
const refusedByProxy = /^HTTP 4(?!08|29)/;

/** The facts about a failed request that decide whether it may be sent again. */
export interface FailedRequest {
  readonly reason: ReasonCode;
  /** The HTTP status; absent when no answer arrived. */
  readonly status?: number | undefined;
  /** Code of the network layer, such as `HTTP 403` for a proxy's answer to CONNECT. */
  readonly code?: string | undefined;
  /** Whether it was a login. Everything else, such as publishing a message, must not be done twice. */
  readonly isLogin: boolean;
}

/**
 * Milliseconds after which a device may be sent again; `undefined` if it must not be: after a clear refusal, or if a message
 * may have been published. Sending a device again begins with its login.
 */
export function repeatAfter({ reason, status, code = '', isLogin }: FailedRequest): number | undefined {
  if (reason === 'proxy-failed' && refusedByProxy.test(code)) return undefined;
  if (status === undefined && neverArrived.has(reason)) return isLogin ? 0 : LOGIN_GAP_MS;
  if (!isLogin) return undefined;
  const again = status === undefined ? mayHaveArrived.has(reason) : notNow.has(status);
  return again ? LOGIN_GAP_MS : undefined;
}

/**
 * Reads a Retry-After header (RFC 9110, 10.2.3): seconds, or a date.
 *
 * @param now in milliseconds since 1970
 * @returns milliseconds from now, 0 for a date in the past; `undefined` if the value is neither
 */
export function retryAfterMs(value: string | undefined, now: number): number | undefined {
  const text = value?.trim() ?? '';
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  // An HTTP date has letters in it; Date.parse would also take "-5" or "2.5" for one.
  const date = /[a-z]/i.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

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
